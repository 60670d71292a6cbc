import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel, type UserRow } from './user.model.ts';
import { asTaken, toRecord, type UserRecord } from './users.service.ts';

/*
 * What proves who somebody is: password and proven e-mail. For `auth`, which knows when they may change. Each write names what it
 * expects to find, so that of two changes at once one loses.
 */

interface NewPassword {
  passwordHash: string;
  /** The hash that the person has just shown to know. */
  instead: { passwordHash: string } | { email: string };
}

/** Kept where the address was proven before; whoever had the account until now may have been a stranger to its owner. */
function ifProven(field: string, otherwise: unknown) {
  return { $cond: [{ $eq: ['$emailVerifiedAt', null] }, otherwise, field] };
}

/**
 * Ends every session of the account. By e-mail: the link has arrived there, so the address is proven too. The first such proof also
 * takes away the phone and the second factor that somebody without it has added.
 * @returns the account as it is now, and whether its address had been proven; null when it is not as expected
 */
export async function setPassword(
  tx: Tx,
  userId: string,
  { passwordHash, instead }: NewPassword,
): Promise<{ user: UserRecord; wasProven: boolean } | null> {
  const at = now();
  const proof = {
    emailVerifiedAt: { $ifNull: ['$emailVerifiedAt', at] },
    phone: ifProven('$phone', null),
    phoneVerifiedAt: ifProven('$phoneVerifiedAt', null),
    hasSecondFactor: ifProven('$hasSecondFactor', false),
  };
  const set = {
    // A bcrypt hash begins with a dollar sign, like the name of a field.
    passwordHash: { $literal: passwordHash },
    passwordChangedAt: at,
    sessionVersion: { $add: ['$sessionVersion', 1] },
    updatedAt: at,
    ...('email' in instead ? proof : {}),
  };
  const options = { session: tx, projection: { addresses: 0 } };
  const before = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active', ...instead },
    [{ $set: set }],
    { ...options, returnDocument: 'before' },
  );
  const after = before && (await UserModel.collection.findOne({ _id: userId as never }, options));
  if (before === null || after === null) return null;
  return { user: toRecord(after as unknown as UserRow), wasProven: before['emailVerifiedAt'] !== null };
}

/** The same password, hashed anew: nothing about the account changes. Lost when the password has changed meanwhile. */
export async function replacePasswordHash(userId: string, from: string, to: string): Promise<void> {
  await UserModel.collection.updateOne({ _id: userId as never, passwordHash: from }, { $set: { passwordHash: to } });
}

/** @returns false when the account has another address by now, or is gone */
export async function markEmailVerified(tx: Tx, userId: string, email: string): Promise<boolean> {
  const at = now();
  const { matchedCount } = await UserModel.collection.updateOne(
    { _id: userId as never, email, status: 'active' },
    [{ $set: { emailVerifiedAt: { $ifNull: ['$emailVerifiedAt', at] }, updatedAt: at } }],
    { session: tx },
  );
  return matchedCount === 1;
}

/**
 * To an address that has been proven. Ends every session of the account.
 * @returns null when the account has another address than `from` by now, has ended its sessions since, or is gone
 * @throws AppError `email_taken`
 */
export async function changeEmail(
  tx: Tx,
  userId: string,
  { from, to }: { from: { email: string; sessionVersion: number }; to: string },
): Promise<{ wasProven: boolean } | null> {
  const at = now();
  try {
    const before = await UserModel.collection.findOneAndUpdate(
      { _id: userId as never, ...from, status: 'active' },
      { $set: { email: to, emailVerifiedAt: at, updatedAt: at }, $inc: { sessionVersion: 1 } },
      { session: tx, returnDocument: 'before', projection: { emailVerifiedAt: 1 } },
    );
    return before === null ? null : { wasProven: before['emailVerifiedAt'] !== null };
  } catch (error) {
    throw asTaken(error);
  }
}
