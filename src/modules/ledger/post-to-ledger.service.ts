import { config } from '../../config/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { assertMinor } from '../../shared/money.ts';
import {
  ledgerEntries,
  type LedgerAccount,
  type LedgerEntry,
  type LedgerKind,
  type LedgerLine,
} from './ledger-entry.model.ts';
import { payables, type PayableRow, type Party } from './payable.model.ts';

/** T11: the subject is the entry whose earnings become payable. */
export const EARNINGS_TIMER = 'ledger.earnings';

export interface Posting {
  kind: LedgerKind;
  /** Of the payment, refund, order, payout … With the kind it is posted once, and a repeat is silent. */
  sourceId: string;
  orderId?: string | null;
  currency: string;
  lines: readonly PostingLine[];
  /** Of an order: what it earned its restaurant and courier is held until T11 after that. Absent: payable at once. */
  endedAt?: Date;
}

export interface PostingLine {
  account: LedgerAccount;
  ownerId?: string | null;
  /** Debit positive. Lines of nothing are left out. */
  amountMinor: number;
}

/** Accounts of people whom we pay out. */
const PARTY_OF: Partial<Record<LedgerAccount, Party>> = {
  restaurant: 'restaurant',
  courier: 'courier',
  courier_cash: 'courier',
};

/**
 * Posts to the books in the caller's transaction.
 * @returns whether it is new
 * @throws RangeError for lines that do not sum to zero or are not whole minor units
 */
export async function postToLedger(tx: Tx, { endedAt, ...posting }: Posting): Promise<boolean> {
  const entry = toEntry(posting);
  if (entry.lines.length === 0) return false;
  const { kind, sourceId, ...rest } = entry;
  // An upsert, since a duplicate key would abort the transaction of a repeat.
  const { upsertedCount } = await ledgerEntries().updateOne(
    { kind, sourceId },
    { $setOnInsert: rest },
    { upsert: true, session: tx },
  );
  if (upsertedCount === 0) return false;
  // A payout settles what is payable, and owes nothing new.
  if (kind !== 'payout') await owe(tx, entry, endedAt ?? null);
  return true;
}

function toEntry({ orderId, lines, ...posting }: Omit<Posting, 'endedAt'>): LedgerEntry {
  for (const { amountMinor } of lines) assertMinor(amountMinor);
  const sumMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (sumMinor !== 0) throw new RangeError(`the lines of a posting sum to ${sumMinor}, not to zero`);
  const kept = lines.filter(({ amountMinor }) => amountMinor !== 0);
  return {
    _id: newId(),
    ...posting,
    orderId: orderId ?? null,
    lines: kept.map(({ ownerId, ...line }) => ({ ...line, ownerId: ownerId ?? null })),
    createdAt: now(),
  };
}

async function owe(tx: Tx, entry: LedgerEntry, endedAt: Date | null): Promise<void> {
  const rows = entry.lines.flatMap((line) => toPayable(entry, line, endedAt !== null));
  if (rows.length === 0) return;
  await payables().insertMany(rows, { session: tx });
  if (endedAt === null || rows.every(({ status }) => status !== 'held')) return;
  const dueAt = addMs(endedAt, config.money.payoutDelaySeconds * 1000);
  await scheduleTimer(tx, { kind: EARNINGS_TIMER, subjectId: entry._id, dueAt });
}

/** What they owe us is due at once. */
function toPayable(entry: LedgerEntry, line: LedgerLine, isHeld: boolean): PayableRow[] {
  const party = PARTY_OF[line.account];
  if (party === undefined) return [];
  if (line.ownerId === null) throw new RangeError(`a line of the account ${line.account} needs its owner`);
  const amountMinor = -line.amountMinor;
  const { _id: entryId, kind, sourceId, orderId, currency, createdAt } = entry;
  return [
    {
      ...{ _id: newId(), entryId, kind, sourceId, orderId, currency, createdAt },
      ...{ party, ownerId: line.ownerId, account: line.account, amountMinor },
      ...{ status: isHeld && amountMinor > 0 ? 'held' : 'payable', payoutId: null },
    },
  ];
}
