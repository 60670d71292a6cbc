import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { assertMinor } from '../../shared/money.ts';
import { LedgerEntryModel, type LedgerAccount, type LedgerEntry, type LedgerKind } from './ledger-entry.model.ts';

export interface Posting {
  kind: LedgerKind;
  /** Of the payment, refund, order, payout … With the kind it is posted once, and a repeat is silent. */
  sourceId: string;
  orderId?: string;
  currency: string;
  lines: readonly PostingLine[];
}

export interface PostingLine {
  account: LedgerAccount;
  ownerId?: string;
  /** Debit positive. Lines of nothing are left out. */
  amountMinor: number;
}

/**
 * Posts to the books in the caller's transaction.
 * @returns whether it is new
 * @throws RangeError for lines that do not sum to zero or are not whole minor units
 */
export async function postToLedger(tx: Tx, { kind, sourceId, ...posting }: Posting): Promise<boolean> {
  const entry = toEntry(posting);
  if (entry.lines.length === 0) return false;
  // An upsert, since a duplicate key would abort the transaction of a repeat.
  const { upsertedCount } = await LedgerEntryModel.collection.updateOne(
    { kind, sourceId },
    { $setOnInsert: entry as never },
    { upsert: true, session: tx },
  );
  return upsertedCount === 1;
}

function toEntry({
  orderId,
  currency,
  lines,
}: Omit<Posting, 'kind' | 'sourceId'>): Omit<LedgerEntry, 'kind' | 'sourceId'> {
  for (const { amountMinor } of lines) assertMinor(amountMinor);
  const sumMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (sumMinor !== 0) throw new RangeError(`the lines of a posting sum to ${sumMinor}, not to zero`);
  const kept = lines.filter(({ amountMinor }) => amountMinor !== 0);
  return {
    _id: newId(),
    orderId: orderId ?? null,
    currency,
    lines: kept.map(({ ownerId, ...line }) => ({ ...line, ownerId: ownerId ?? null })),
    createdAt: now(),
  };
}
