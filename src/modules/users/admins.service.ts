import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { UserModel } from './user.model.ts';

/**
 * Whether nobody would administrate without this person. Another admin who is there is written to, so that of two who leave at the
 * same moment one meets the other.
 */
export async function isLastAdmin(tx: Tx, userId: string): Promise<boolean> {
  const admin = { roles: 'admin', status: 'active' } as const;
  if ((await UserModel.exists({ ...admin, _id: userId }).session(tx)) === null) return false;
  const other = await UserModel.exists({ ...admin, _id: trusted({ $ne: userId }) }).session(tx);
  if (other === null) return true;
  await UserModel.collection.updateOne({ _id: other._id as never }, { $set: { updatedAt: now() } }, { session: tx });
  return false;
}
