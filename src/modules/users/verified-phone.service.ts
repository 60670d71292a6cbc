import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel } from './user.model.ts';
import { asTaken } from './users.service.ts';

/**
 * For `auth`, once a code has shown that the person holds the phone. An account that has typed the number and never proven it loses
 * it; of two that have proven it, the first keeps it, by the unique index.
 * @returns the account that lost it, or null
 * @throws AppError `phone_taken`, `not_found`
 */
export async function takePhone(tx: Tx, userId: string, phone: string): Promise<{ claimedById: string | null }> {
  const at = now();
  const claimed = await UserModel.collection.findOneAndUpdate(
    { phone, phoneVerifiedAt: null, _id: { $ne: userId as never } },
    { $set: { phone: null, updatedAt: at } },
    { session: tx, projection: { _id: 1 } },
  );
  try {
    const { matchedCount } = await UserModel.collection.updateOne(
      { _id: userId as never, status: 'active' },
      { $set: { phone, phoneVerifiedAt: at, updatedAt: at } },
      { session: tx },
    );
    if (matchedCount === 0) throw new AppError('not_found');
  } catch (error) {
    throw asTaken(error);
  }
  return { claimedById: claimed === null ? null : String(claimed._id) };
}
