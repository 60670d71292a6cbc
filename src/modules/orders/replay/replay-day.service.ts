import { trusted } from 'mongoose';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { counter, logger } from '../../../infra/observability/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { addMs, dateFrom, now } from '../../../shared/clock.ts';
import { OrderEventModel, type OrderEventRecord } from '../order-event.model.ts';
import { OrderModel } from '../order.model.ts';
import { OrderReplayReportModel, type OrderReplayReport } from './order-replay-report.model.ts';
import { compareReplay, replayOrder } from './order-replay.ts';

/** Timer of the nightly run. */
export const REPLAY_TIMER = 'orders.replay';
/** Outbox event: `{ day }`. */
export const REPLAY_REQUESTED = 'orders.replay_requested';

const DAY_MS = 86_400_000;
const AT_ONCE = 500;
const MOST_DIFFERENCES = 1_000;

const found = counter('quickbite_order_replay_differences_total', 'Orders that are not what their log makes of them');

/** The nightly run: the orders to which something happened yesterday. */
export async function promiseReplay(): Promise<void> {
  const day = addMs(now(), -DAY_MS).toISOString().slice(0, 10);
  await withTransaction((tx) => appendOutbox(tx, [{ event: REPLAY_REQUESTED, payload: { day } }]));
}

/**
 * Rebuilds every order that has an event of that day from its log and compares: a field that somebody wrote past the log raises an
 * alarm. Reads in batches; may be run again.
 */
export async function replayDay(day: string): Promise<OrderReplayReport> {
  const from = dateFrom(`${day}T00:00:00.000Z`);
  const report: OrderReplayReport = {
    ...{ _id: day, ranAt: now(), compared: 0, unreplayable: 0, differenceCount: 0, differences: [] },
  };
  const seen = new Set<string>();
  for await (const orderIds of ordersOf({ from: idAt(from), to: idAt(addMs(from, DAY_MS)) })) {
    const fresh = orderIds.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    await compareOrders(fresh, report);
  }
  await OrderReplayReportModel.replaceOne({ _id: day }, report, { upsert: true });
  if (report.differenceCount > 0) {
    found.inc(report.differenceCount);
    logger.error(
      { day, differenceCount: report.differenceCount, first: report.differences[0] },
      'orders are not what their logs make of them; a human must look',
    );
  }
  return report;
}

/** Whose events have an id in [from, to); ids begin with their second, so that no index of their time is needed. */
async function* ordersOf({ from, to }: { from: string; to: string }): AsyncGenerator<string[]> {
  let after = from;
  for (;;) {
    const rows = await OrderEventModel.find({ _id: trusted({ $gte: after, $lt: to }) }, { orderId: 1 })
      .sort({ _id: 1 })
      .limit(AT_ONCE + 1)
      .lean<Pick<OrderEventRecord, '_id' | 'orderId'>[]>();
    const next = rows.length > AT_ONCE ? rows.pop() : undefined;
    yield [...new Set(rows.map(({ orderId }) => orderId))];
    if (next === undefined) return;
    after = next._id;
  }
}

async function compareOrders(orderIds: readonly string[], report: OrderReplayReport): Promise<void> {
  // The orders first: what happens between the two reads is the next night's.
  const orders = await OrderModel.find({ _id: trusted({ $in: [...orderIds] }) }).lean();
  const events = await OrderEventModel.find({ orderId: trusted({ $in: [...orderIds] }) })
    .sort({ orderId: 1, seq: 1 })
    .lean();
  const byOrder = Map.groupBy(events, ({ orderId }) => orderId);
  for (const order of orders) {
    const log = (byOrder.get(order._id) ?? []).filter(({ seq }) => seq <= order.eventSeq);
    const replayed = replayOrder(log);
    report.compared += 1;
    if (replayed === null) report.unreplayable += 1;
    else addDifferences(report, order._id, compareReplay(order, replayed));
  }
}

function addDifferences(report: OrderReplayReport, orderId: string, differences: { field: string }[]): void {
  if (differences.length === 0) return;
  report.differenceCount += 1;
  if (report.differences.length >= MOST_DIFFERENCES) return;
  report.differences.push({ orderId, fields: differences.map(({ field }) => field) });
}

function idAt(at: Date): string {
  return Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0')
    .padEnd(24, '0');
}
