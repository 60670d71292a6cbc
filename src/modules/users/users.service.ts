import { trusted } from 'mongoose';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Role } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';
import { UserModel, type UserRow } from './user.model.ts';

/** An account as other modules see it: no secret, no address. */
export interface UserRecord {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  name: string;
  phone: string | null;
  phoneVerifiedAt: Date | null;
  roles: Role[];
  hasPassword: boolean;
  passwordChangedAt: Date | null;
  hasSecondFactor: boolean;
  status: UserRow['status'];
  sessionVersion: number;
  picture: Picture | null;
  createdAt: Date;
}

/** For `auth` alone. */
export interface UserWithPassword extends UserRecord {
  passwordHash: string | null;
}

interface NewUser {
  /** Normalised: trimmed, NFC, lower case. */
  email: string;
  name: string;
  /** null: no password; the account is entered by a provider. */
  passwordHash: string | null;
  phone?: string | undefined;
  /** Somebody else vouches for the e-mail. */
  isEmailVerified?: boolean;
  /** A customer unless it says otherwise. */
  roles?: Role[];
}

interface ProfileChange {
  name: string;
}

const WITHOUT_ADDRESSES = { addresses: 0 } as const;

type Row = Omit<UserRow, 'addresses'>;

/**
 * The unique indexes decide who has an e-mail or a phone; nobody looks first.
 * @throws AppError `email_taken`, `phone_taken`
 */
export async function createUser(tx: Tx, input: NewUser): Promise<UserRecord> {
  const at = now();
  const row: UserRow = {
    _id: newId(),
    email: input.email,
    emailVerifiedAt: input.isEmailVerified === true ? at : null,
    name: input.name,
    phone: input.phone ?? null,
    phoneVerifiedAt: null,
    roles: input.roles ?? ['customer'],
    passwordHash: input.passwordHash,
    passwordChangedAt: input.passwordHash === null ? null : at,
    hasSecondFactor: false,
    status: 'active',
    statusReason: null,
    sessionVersion: 0,
    addresses: [],
    createdAt: at,
    updatedAt: at,
  };
  try {
    await UserModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    throw asTaken(error);
  }
  return toRecord(row);
}

/** Every session of the account is over from its next request on, on every instance; its sockets are the caller's to cut. */
export async function raiseSessionVersion(tx: Tx, userId: string): Promise<void> {
  await UserModel.collection.updateOne({ _id: userId as never }, { $inc: { sessionVersion: 1 } }, { session: tx });
}

/** A duplicate e-mail or phone in the words of the API; anything else as it is. */
export function asTaken(error: unknown): unknown {
  if (isDuplicateKey(error, 'email')) return new AppError('email_taken', { cause: error });
  if (isDuplicateKey(error, 'phone')) return new AppError('phone_taken', { cause: error });
  return error;
}

/** With the password hash, like its sister by id. */
export async function findUserByEmail(email: string): Promise<UserWithPassword | null> {
  return withPassword(await UserModel.findOne({ email }, WITHOUT_ADDRESSES).lean<Row>());
}

export async function findUserWithPassword(userId: string): Promise<UserWithPassword | null> {
  return withPassword(await UserModel.findById(userId, WITHOUT_ADDRESSES).lean<Row>());
}

export async function findUserByPhone(phone: string): Promise<UserRecord | null> {
  const row = await UserModel.findOne({ phone }, WITHOUT_ADDRESSES).lean<Row>();
  return row === null ? null : toRecord(row);
}

export async function findUser(userId: string): Promise<UserRecord | null> {
  const row = await UserModel.findById(userId, WITHOUT_ADDRESSES).lean<Row>();
  return row === null ? null : toRecord(row);
}

/** Those of the ids that there are, in no order. */
export async function findUsers(userIds: readonly string[]): Promise<UserRecord[]> {
  const rows = await UserModel.find({ _id: trusted({ $in: [...userIds] }) }, WITHOUT_ADDRESSES).lean<Row[]>();
  return rows.map(toRecord);
}

function withPassword(row: Row | null): UserWithPassword | null {
  return row === null ? null : { ...toRecord(row), passwordHash: row.passwordHash };
}

/** @throws AppError `not_found` */
export async function getUser(userId: string): Promise<UserRecord> {
  const user = await findUser(userId);
  if (user === null) throw new AppError('not_found');
  return user;
}

/** What opens the account is not here: e-mail and phone are `auth`'s to change. @throws AppError `not_found` */
export async function updateProfile({ name }: ProfileChange, userId: string): Promise<UserRecord> {
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active' },
    { $set: { name, updatedAt: now() } },
    { returnDocument: 'after', projection: WITHOUT_ADDRESSES },
  );
  if (row === null) throw new AppError('not_found');
  return toRecord(row as unknown as Row);
}

export function toRecord(row: Row): UserRecord {
  const { _id: id, passwordHash, ...others } = row;
  const { blockedRoles: _blocked, statusReason: _reason, updatedAt: _updatedAt, imageId: _imageId, ...fields } = others;
  return { id, hasPassword: passwordHash !== null, ...fields, picture: row.picture ?? null };
}
