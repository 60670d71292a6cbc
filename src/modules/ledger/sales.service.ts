import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { findOrder, TERMINAL_STATUSES, wasCooked, type OrderRecord } from '../orders/index.ts';
import { type LiableParty } from '../../shared/liable-party.ts';
import { ledgerEntries } from './ledger-entry.model.ts';
import { postToLedger, type PostingLine } from './post-to-ledger.service.ts';
import { saleOf } from './sale-of.ts';

/**
 * Posts what an order that is over came to. Posted before and changed since (a tip): the difference. Two at once meet in the source's
 * number: one loses, begins again, and finds nothing left to post.
 */
export async function postSale(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order === null || !TERMINAL_STATUSES.includes(order.status)) return;
  const lines = saleOf({ ...order, wasCooked: await wasCooked(orderId) });
  await withTransaction(async (tx) => {
    // By the order alone: the index of the kinds would be read through all sales.
    const ofOrder = await ledgerEntries().find({ orderId }, { session: tx }).toArray();
    const posted = ofOrder.filter(({ kind }) => kind === 'sale');
    const postedLines = posted.flatMap((entry) => entry.lines);
    await postToLedger(tx, {
      kind: 'sale',
      sourceId: posted.length === 0 ? orderId : `${orderId}-${posted.length}`,
      orderId,
      currency: order.currency,
      lines: differenceOf(lines, postedLines),
      endedAt: order.endedAt ?? now(),
    });
  });
}

/** Line by line, what is still to be posted. */
function differenceOf(wanted: readonly PostingLine[], posted: readonly PostingLine[]): PostingLine[] {
  const lines = new Map<string, PostingLine>();
  const add = (line: PostingLine, amountMinor: number): void => {
    const key = `${line.account}/${line.ownerId ?? ''}`;
    lines.set(key, { ...line, amountMinor: (lines.get(key)?.amountMinor ?? 0) + amountMinor });
  };
  for (const line of wanted) add(line, line.amountMinor);
  for (const line of posted) add(line, -line.amountMinor);
  return [...lines.values()];
}

interface RefundCharge {
  refundId: string;
  order: Pick<OrderRecord, '_id' | 'customerId' | 'ownerId' | 'courierId' | 'currency'>;
  amountMinor: number;
  liableParty: LiableParty;
}

/**
 * Who bears what support gave back, or a bank took back: the party that is liable; we do for the customer. Called with the refund's
 * own posting, in its transaction.
 */
export async function chargeRefund(tx: Tx, { refundId, order, amountMinor, liableParty }: RefundCharge): Promise<void> {
  const { _id: orderId, customerId, ownerId, courierId, currency } = order;
  const bearers: Record<LiableParty, PostingLine> = {
    restaurant: { account: 'restaurant', ownerId, amountMinor },
    courier: courierId === null ? ours(amountMinor) : { account: 'courier', ownerId: courierId, amountMinor },
    platform: ours(amountMinor),
    customer: ours(amountMinor),
  };
  await postToLedger(tx, {
    kind: 'refund_charge',
    sourceId: refundId,
    orderId,
    currency,
    lines: [{ account: 'customer', ownerId: customerId, amountMinor: -amountMinor }, bearers[liableParty]],
  });
}

interface DisputeCredit {
  order: Pick<OrderRecord, '_id' | 'customerId' | 'currency'>;
  /** Of all lost disputes of the order. */
  amountMinor: number;
}

/**
 * A lost dispute gave the customer what the end of the order was to give back: it was no loss of ours but their refund. Posts what is not
 * posted yet; two at once meet in the source's number.
 */
export async function creditDispute(tx: Tx, { order, amountMinor }: DisputeCredit): Promise<void> {
  const { _id: orderId, customerId, currency } = order;
  const ofOrder = await ledgerEntries().find({ orderId }, { session: tx }).toArray();
  const posted = ofOrder.filter(({ kind }) => kind === 'dispute_credit');
  const lines = posted.flatMap((entry) => entry.lines).filter(({ account }) => account === 'customer');
  const newMinor = amountMinor - lines.reduce((sum, line) => sum + line.amountMinor, 0);
  await postToLedger(tx, {
    ...{ kind: 'dispute_credit', sourceId: `${orderId}-${posted.length}`, orderId, currency },
    lines: [
      { account: 'customer', ownerId: customerId, amountMinor: newMinor },
      { account: 'platform_costs', amountMinor: -newMinor },
    ],
  });
}

function ours(amountMinor: number): PostingLine {
  return { account: 'platform_costs', amountMinor };
}
