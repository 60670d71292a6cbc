import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel, type UserRow } from './user.model.ts';
import { toRecord, type UserRecord } from './users.service.ts';

interface SeenAccount {
  userId: string;
  /** Of the session or challenge that asks. */
  sessionVersion: number;
}

/**
 * For `auth`, which keeps the secrets. Ends every session of the account.
 * @returns the account as it is now
 * @throws AppError `unauthenticated` once it is suspended or deleted, or a reset has ended what the caller came with
 */
export async function setSecondFactor(
  tx: Tx,
  { userId, sessionVersion }: SeenAccount,
  hasSecondFactor: boolean,
): Promise<UserRecord> {
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active', sessionVersion },
    { $set: { hasSecondFactor, updatedAt: now() }, $inc: { sessionVersion: 1 } },
    { session: tx, returnDocument: 'after', projection: { addresses: 0 } },
  );
  if (row === null) throw new AppError('unauthenticated');
  return toRecord(row as unknown as UserRow);
}
