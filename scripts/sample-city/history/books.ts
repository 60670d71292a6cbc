import type { LedgerEntry, LedgerKind, LedgerLine } from '../../../src/modules/ledger/ledger-entry.model.ts';
import type { PayableRow } from '../../../src/modules/ledger/payable.model.ts';
import { saleOf } from '../../../src/modules/ledger/sale-of.ts';
import type { ProviderMatch } from '../../../src/modules/reconciliation/provider-match.model.ts';
import type { OrderRows } from './log.ts';
import { rowId } from './row-id.ts';

const COOKING = ['order.preparing', 'order.ready', 'order.picked_up'];
const CLEARING = 'provider_clearing';

interface Posting {
  kind: LedgerKind;
  sourceId: string;
  at: Date;
  lines: { account: LedgerLine['account']; ownerId?: string | null; amountMinor: number }[];
}

interface Books {
  entries: LedgerEntry[];
  payables: PayableRow[];
  matches: ProviderMatch[];
}

/** What the ledger has of an order's past: taken, sold, given back, and found again in the provider's list, which took no fee. */
export function booksOf(rows: OrderRows): Books {
  const postings = [...taken(rows), ...sold(rows), ...givenBack(rows)].filter(isAnything);
  const cleared = postings.filter(({ lines }) => lines.some(({ account }) => account === CLEARING));
  const all = [...postings, ...cleared.map(settled)];
  const entries = all.map((posting, number) => toEntry(rows, posting, number));
  return {
    entries,
    payables: entries.flatMap(toPayables),
    matches: cleared.map((posting) => {
      return { _id: `${posting.kind}/${posting.sourceId}`, movementId: movementOf(posting), createdAt: posting.at };
    }),
  };
}

function taken({ payment, events, order }: OrderRows): Posting[] {
  const { _id: sourceId, customerId, amountCapturedMinor: amountMinor } = payment;
  const at = events.find(({ type }) => type === 'payment.captured')?.at ?? order.updatedAt;
  const lines = [
    { account: CLEARING, amountMinor } as const,
    { account: 'customer', ownerId: customerId, amountMinor: -amountMinor } as const,
  ];
  return [{ kind: 'capture', sourceId, at, lines }];
}

function sold({ order, events }: OrderRows): Posting[] {
  const wasCooked = events.some(({ type }) => COOKING.includes(type));
  return [
    { kind: 'sale', sourceId: order._id, at: order.endedAt ?? order.updatedAt, lines: saleOf({ ...order, wasCooked }) },
  ];
}

function givenBack({ refund, order: { customerId, ownerId } }: OrderRows): Posting[] {
  if (refund === null) return [];
  const { _id: sourceId, amountMinor, cause, createdAt: at } = refund;
  const customer = { account: 'customer', ownerId: customerId } as const;
  const back = [{ ...customer, amountMinor }, { account: CLEARING, amountMinor: -amountMinor } as const];
  const charged = [
    { ...customer, amountMinor: -amountMinor },
    { account: 'restaurant', ownerId, amountMinor } as const,
  ];
  const refunded: Posting = { kind: 'refund', sourceId, at, lines: back };
  return cause === 'support' ? [refunded, { kind: 'refund_charge', sourceId, at, lines: charged }] : [refunded];
}

function settled(posting: Posting): Posting {
  const amountMinor = posting.lines.find(({ account }) => account === CLEARING)?.amountMinor ?? 0;
  const lines = [
    { account: 'provider_balance', amountMinor } as const,
    { account: CLEARING, amountMinor: -amountMinor } as const,
  ];
  return { kind: 'provider_settled', sourceId: movementOf(posting), at: posting.at, lines };
}

function movementOf({ kind, sourceId }: Posting): string {
  return `txn_sample_${kind}_${sourceId}`;
}

function isAnything({ lines }: Posting): boolean {
  return lines.some(({ amountMinor }) => amountMinor !== 0);
}

function toEntry({ order }: OrderRows, { kind, sourceId, at, lines }: Posting, number: number): LedgerEntry {
  const kept = lines.filter(({ amountMinor }) => amountMinor !== 0);
  return {
    ...{ _id: rowId('posting', order._id, number), kind, sourceId, currency: order.currency, createdAt: at },
    orderId: kind === 'provider_settled' ? null : order._id,
    lines: kept.map(({ account, ownerId = null, amountMinor }) => ({ account, ownerId, amountMinor })),
  };
}

/** Payable at once: all but the last day is, and the next run of payouts collects it. */
function toPayables({ _id: entryId, lines, kind, sourceId, orderId, currency, createdAt }: LedgerEntry): PayableRow[] {
  return lines.flatMap(({ account, ownerId, amountMinor }) => {
    if ((account !== 'restaurant' && account !== 'courier') || ownerId === null) return [];
    const first = Number.parseInt(entryId.slice(8, 10), 16) - 0x90;
    return {
      ...{
        _id: rowId('payable', entryId, first * 2 + (account === 'courier' ? 1 : 0)),
        entryId,
        kind,
        sourceId,
        orderId,
      },
      ...{ party: account, ownerId, account, currency, createdAt, amountMinor: -amountMinor },
      ...{ status: 'payable' as const, payoutId: null },
    };
  });
}
