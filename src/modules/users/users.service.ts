import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Role } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { UserModel, type UserRow } from './user.model.ts';

/** An account as other modules see it: no secret, no address. */
export interface UserRecord {
  id: string;
  email: string;
  name: string;
  phone: string | null;
  roles: Role[];
  status: UserRow['status'];
  sessionVersion: number;
  createdAt: Date;
}

/** For `auth` alone. */
export interface UserWithPassword extends UserRecord {
  passwordHash: string;
}

interface NewUser {
  /** Normalised: trimmed, NFC, lower case. */
  email: string;
  name: string;
  passwordHash: string;
  phone?: string | undefined;
  /** A customer unless it says otherwise. */
  roles?: Role[];
}

interface ProfileChange {
  name?: string | undefined;
  /** null removes it. */
  phone?: string | null | undefined;
}

const WITHOUT_SECRETS = { passwordHash: 0, addresses: 0 } as const;

/**
 * The unique index decides who has an e-mail; nobody looks first.
 * @throws AppError `email_taken`
 */
export async function createUser(tx: Tx, input: NewUser): Promise<UserRecord> {
  const at = now();
  const row: UserRow = {
    _id: newId(),
    email: input.email,
    name: input.name,
    phone: input.phone ?? null,
    roles: input.roles ?? ['customer'],
    passwordHash: input.passwordHash,
    status: 'active',
    sessionVersion: 0,
    addresses: [],
    createdAt: at,
    updatedAt: at,
  };
  try {
    await UserModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    if (isDuplicateKey(error, 'email')) throw new AppError('email_taken', { cause: error });
    throw error;
  }
  return toRecord(row);
}

/** The only read that carries the password hash. */
export async function findUserByEmail(email: string): Promise<UserWithPassword | null> {
  const row = await UserModel.findOne({ email }, { addresses: 0 }).lean<Omit<UserRow, 'addresses'>>();
  return row === null ? null : { ...toRecord(row), passwordHash: row.passwordHash };
}

export async function findUser(userId: string): Promise<UserRecord | null> {
  const row = await UserModel.findById(userId, WITHOUT_SECRETS).lean<Omit<UserRow, 'addresses' | 'passwordHash'>>();
  return row === null ? null : toRecord(row);
}

/** @throws AppError `not_found` */
export async function getUser(userId: string): Promise<UserRecord> {
  const user = await findUser(userId);
  if (user === null) throw new AppError('not_found');
  return user;
}

/** @throws AppError `not_found` */
export async function updateProfile({ name, phone }: ProfileChange, userId: string): Promise<UserRecord> {
  const set = { ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { phone }), updatedAt: now() };
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never },
    { $set: set },
    { returnDocument: 'after', projection: WITHOUT_SECRETS },
  );
  if (row === null) throw new AppError('not_found');
  return toRecord(row as unknown as UserRow);
}

function toRecord(row: Omit<UserRow, 'addresses' | 'passwordHash'>): UserRecord {
  const { _id: id, email, name, phone, roles, status, sessionVersion, createdAt } = row;
  return { id, email, name, phone, roles, status, sessionVersion, createdAt };
}
