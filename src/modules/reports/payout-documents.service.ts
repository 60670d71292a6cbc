import type { Actor } from '../../shared/actor.ts';
import { getPayout, getStatement } from '../ledger/index.ts';
import { findDocument, linkTo, storeDocument, type DocumentLink } from './documents.service.ts';
import { renderPaper } from './papers/render-paper.ts';
import { statementOf } from './papers/statement.ts';
import { reportsQueue } from './reports.jobs.ts';

/** What a payout consists of, as a PDF, and whether it was paid. Its rows never change. */
export async function makePayoutDocument(payoutId: string): Promise<void> {
  const statement = await getStatement(payoutId);
  await storeDocument({
    ...{ kind: 'statement', subjectId: payoutId, ...madeOf(statement.payout) },
    ...{ fileName: `payout-${payoutId}.pdf`, mediaType: 'application/pdf' },
    content: await renderPaper(statementOf(statement)),
  });
}

/** A link to it; null while it is being made. @throws AppError `not_found`, also for somebody else's */
export async function findPayoutDocument(payoutId: string, actor: Actor): Promise<DocumentLink | null> {
  const { version, stamp } = madeOf(await getPayout(payoutId, actor));
  const made = await findDocument('statement', payoutId);
  if (made?.stamp === stamp) return linkTo(made);
  await reportsQueue.enqueue('make-payout-document', { payoutId }, { jobId: `statement-${payoutId}-${version}` });
  return null;
}

/** It is out of date once the bank has paid, or has not. */
function madeOf({ status }: { status: string }) {
  return { version: status === 'created' ? 1 : 2, stamp: status };
}
