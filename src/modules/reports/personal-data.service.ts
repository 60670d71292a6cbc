import type { Tx } from '../../infra/mongo/index.ts';
import { listPayoutIds } from '../ledger/index.ts';
import { documentRows } from './document.model.ts';

/**
 * Statements name their payee: those that are made go, and their links with them. Whoever asks later has them made anew, without the
 * name. Papers of orders name nobody, and stay.
 */
export async function forgetStatements(tx: Tx, userId: string): Promise<void> {
  const subjectId = { $in: await listPayoutIds(tx, userId) };
  await documentRows().deleteMany({ kind: 'statement', subjectId }, { session: tx });
}
