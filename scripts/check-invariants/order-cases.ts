import type { mongo } from 'mongoose';
import { isTip } from '../../src/modules/payments/payment.model.ts';
import { timerOfWaiting } from './stages.ts';
import type { OrderCase } from './types.ts';

const AT_ONCE = 500;

/** What is to be judged in one go, in the order of the ids. Memory holds one batch, however many orders there are. */
export async function* orderCases(client: mongo.MongoClient): AsyncGenerator<OrderCase[]> {
  let after = '';
  for (;;) {
    const batch = await readBatch(client, after);
    if (batch.length === 0) return;
    yield batch;
    after = batch.at(-1)?.order._id ?? '';
  }
}

/** All rows of a batch as of one moment: in a running system nothing moves between two reads. */
async function readBatch(client: mongo.MongoClient, after: string): Promise<OrderCase[]> {
  return client.withSession({ snapshot: true }, async (session) => {
    const read = reader(client.db(), session);
    const next = { sort: { _id: 1 }, limit: AT_ONCE } as const;
    const orders = await read<OrderCase['order']>('orders', { _id: { $gt: after } }, next);
    const rows = await readRows(
      read,
      orders.map(({ _id }) => _id),
    );
    const timers = await read<TimerRow>('timers', { _id: { $in: timerIds(orders) } });
    const kindsOf = Map.groupBy(timers, ({ subjectId }) => subjectId);
    return orders.map((order) => {
      const kinds = (kindsOf.get(timerOfWaiting(order)?.subjectId ?? '') ?? []).map(({ kind }) => kind);
      return { order, timers: kinds, ...rowsOf(rows, order._id) };
    });
  });
}

type Read = ReturnType<typeof reader>;
type Rows = Awaited<ReturnType<typeof readRows>>;

interface TimerRow {
  kind: string;
  subjectId: string;
}

/** One after the other: a session is not for parallel reads. */
async function readRows(read: Read, ids: readonly string[]) {
  const ofOrders = { orderId: { $in: ids } };
  const payments = await read<Of<'payment'>>('payments', ofOrders);
  const deliveries = await read<Of<'delivery'>>('deliveries', ofOrders);
  const inOrder = { sort: { orderId: 1, seq: 1 } } as const;
  const ofPayments = { paymentId: { $in: payments.map(({ _id }) => _id) } };
  const ofDeliveries = { deliveryId: { $in: deliveries.map(({ _id }) => _id) } };
  return {
    payments: byOrder(payments),
    deliveries: byOrder(deliveries),
    events: byOrder(await read<OrderCase['events'][0]>('order_events', ofOrders, inOrder)),
    refunds: byOrder(await read<OrderCase['refunds'][0]>('refunds', ofPayments)),
    offers: byOrder(await read<OrderCase['offers'][0]>('offers', ofDeliveries)),
    // The second condition is what the partial index asks for.
    entries: byOrder(await read<LedgerRow>('ledger_entries', { orderId: { $in: ids, $gt: '' } })),
    amendments: byOrder(await read<OrderCase['amendments'][0]>('amendments', ofOrders)),
    redemptions: byId(await read<Of<'redemption'>>('coupon_redemptions', { _id: { $in: ids } })),
    stockClaims: byId(await read<Of<'stockClaim'>>('stock_claims', { _id: { $in: ids } })),
  };
}

function rowsOf(rows: Rows, orderId: string): Omit<OrderCase, 'order' | 'timers'> {
  const all = <T>(groups: ReadonlyMap<string, T[]>): T[] => groups.get(orderId) ?? [];
  const [tips, own] = partition(all(rows.payments), isTip);
  const refundsOf = ({ _id }: Of<'payment'>) => all(rows.refunds).filter(({ paymentId }) => paymentId === _id);
  return {
    events: all(rows.events),
    payment: own[0] ?? null,
    refunds: own.flatMap(refundsOf),
    tips: tips.map((tip) => ({ tip, refunds: refundsOf(tip) })),
    delivery: all(rows.deliveries)[0] ?? null,
    offers: all(rows.offers),
    entries: all(rows.entries),
    amendments: all(rows.amendments),
    redemption: rows.redemptions.get(orderId) ?? null,
    stockClaim: rows.stockClaims.get(orderId) ?? null,
  };
}

type Of<K extends keyof OrderCase> = NonNullable<OrderCase[K]>;
type LedgerRow = OrderCase['entries'][0] & { orderId: string };

function reader(db: mongo.Db, session: mongo.ClientSession) {
  return async <T extends object>(name: string, filter: object, options: mongo.FindOptions = {}): Promise<T[]> =>
    (await db
      .collection(name)
      .find(filter, { ...options, session })
      .toArray()) as unknown as T[];
}

function partition<T>(rows: readonly T[], isFirst: (row: T) => boolean): [T[], T[]] {
  return [rows.filter((row) => isFirst(row)), rows.filter((row) => !isFirst(row))];
}

function byOrder<T extends { orderId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ orderId }) => orderId);
}

function byId<T extends { _id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row._id, row]));
}

/** Only what still waits has a timer that counts. */
function timerIds(orders: readonly OrderCase['order'][]): string[] {
  return orders.flatMap((order) => {
    const waiting = timerOfWaiting(order);
    return waiting === null ? [] : [`${waiting.kind}-${waiting.subjectId}`];
  });
}
