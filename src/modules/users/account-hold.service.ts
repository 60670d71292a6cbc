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
 * With `sessionVersion` it also is the account as it was looked at before: nothing slips in behind a reset, a log-out everywhere, or
 * a change of the second factor.
 * @throws AppError `unauthenticated` once the account is suspended or deleted, or its sessions have ended
 */
export async function holdAccount(tx: Tx, userId: string, sessionVersion?: number): Promise<HeldAccount> {
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active', ...(sessionVersion === undefined ? {} : { sessionVersion }) },
    { $set: { updatedAt: now() } },
    { session: tx, returnDocument: 'after', projection: { sessionVersion: 1 } },
  );
  if (row === null) throw new AppError('unauthenticated');
  return row as unknown as HeldAccount;
}
