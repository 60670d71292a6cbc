import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel, type UserRow } from './user.model.ts';
import { asTaken } from './users.service.ts';

interface TakenPhone {
  claimedById: string | null;
  replaced: string | null;
}

/**
 * For `auth`, once a code has shown that the person holds the phone. An account that has typed the number and never proven it loses
 * it; of two that have proven it, the first keeps it, by the unique index.
 * @returns the account that lost it, or null, and the proven number that the account had before, or null
 * @throws AppError `phone_taken`, `not_found`
 */
export async function takePhone(tx: Tx, userId: string, phone: string): Promise<TakenPhone> {
  const at = now();
  const claimed = await UserModel.collection.findOneAndUpdate(
    { phone, phoneVerifiedAt: null, _id: { $ne: userId as never } },
    { $set: { phone: null, updatedAt: at } },
    { session: tx, projection: { _id: 1 } },
  );
  const before = await setPhone(tx, userId, { phone, phoneVerifiedAt: at }).catch((error: unknown) => {
    throw asTaken(error);
  });
  const isReplaced = before.phoneVerifiedAt !== null && before.phone !== phone;
  return { claimedById: claimed === null ? null : String(claimed._id), replaced: isReplaced ? before.phone : null };
}

/**
 * @returns the number that was there, or null
 * @throws AppError `not_found`
 */
export async function removePhone(tx: Tx, userId: string): Promise<string | null> {
  const { phone } = await setPhone(tx, userId, { phone: null, phoneVerifiedAt: null });
  return phone;
}

type Phone = Pick<UserRow, 'phone' | 'phoneVerifiedAt'>;

/** @returns what was there before */
async function setPhone(tx: Tx, userId: string, set: Phone): Promise<Phone> {
  const before = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active' },
    { $set: { ...set, updatedAt: now() } },
    { session: tx, returnDocument: 'before', projection: { phone: 1, phoneVerifiedAt: 1 } },
  );
  if (before === null) throw new AppError('not_found');
  return before as unknown as Phone;
}
