import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel } from './user.model.ts';

interface HeldAccount {
  sessionVersion: number;
}

/**
 * Whatever is written about a person in another collection meets in the account's row first: parallel requests queue up there, so
 * that a limit counts all of them, and none slips in behind the deletion of the account.
 * @throws AppError `unauthenticated` once the account is suspended or deleted
 */
export async function holdAccount(tx: Tx, userId: string): Promise<HeldAccount> {
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active' },
    { $set: { updatedAt: now() } },
    { session: tx, returnDocument: 'after', projection: { sessionVersion: 1 } },
  );
  if (row === null) throw new AppError('unauthenticated');
  return row as unknown as HeldAccount;
}
