import { expect } from 'vitest';
import { OutboxModel, type OutboxRow } from '../../src/infra/queue/outbox.model.ts';
import { TimerModel } from '../../src/infra/timers/timer.model.ts';
import type { OrderStatus } from '../../src/modules/orders/index.ts';
import { OrderEventModel, type OrderEventRecord } from '../../src/modules/orders/order-event.model.ts';
import { canTransition, ORDER_TRANSITIONS, type TransitionName } from '../../src/modules/orders/order.machine.ts';
import { compareReplay, replayOrder } from '../../src/modules/orders/replay/order-replay.ts';
import { getStoredOrder } from '../factories/order.ts';

const NAMES = Object.keys(ORDER_TRANSITIONS) as TransitionName[];

/** The log of an order, oldest first. */
export function readLog(orderId: string): Promise<OrderEventRecord[]> {
  return OrderEventModel.find({ orderId }).sort({ seq: 1 }).lean();
}

/** What the outbox promises about an order, oldest first. */
export function readOutbox(orderId: string): Promise<OutboxRow[]> {
  return OutboxModel.find({ 'payload.orderId': orderId }).sort({ _id: 1 }).lean();
}

/** Kinds of the timers that wait for an order. */
export async function readTimers(orderId: string): Promise<string[]> {
  const rows = await TimerModel.find({ subjectId: orderId }).sort({ _id: 1 }).lean();
  return rows.map(({ kind }) => kind);
}

/**
 * What must hold of every order at every time: seqs without a gap, one outbox row per event, and changes of status that the
 * machine allows, ending where the order stands; and all its fields as its log makes them.
 */
export async function expectSoundOrder(orderId: string): Promise<OrderEventRecord[]> {
  const [order, log, outbox] = await Promise.all([getStoredOrder(orderId), readLog(orderId), readOutbox(orderId)]);
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: order.eventSeq }, (_, index) => index + 1));
  const promised = outbox
    .filter(({ payload }) => 'seq' in payload)
    .map(({ event, payload }) => [event, payload['seq']]);
  expect(promised.toSorted(bySeq)).toEqual(log.map(({ type, seq }) => [type, seq]));
  const moves = log.filter(({ type, data }) => type.startsWith('order.') && 'status' in data);
  expect(moves.reduce<OrderStatus | null>(follow, null)).toBe(order.status);
  expect(order.version).toBe(moves.length);
  const replayed = replayOrder(log);
  expect(replayed === null ? ['nothing'] : compareReplay(order, replayed)).toEqual([]);
  return log;
}

function bySeq([, a]: unknown[], [, b]: unknown[]): number {
  return Number(a) - Number(b);
}

/** The status after an event that the machine allows here. */
function follow(from: OrderStatus | null, { type, data, seq }: OrderEventRecord): OrderStatus {
  const name = NAMES.find((candidate) => {
    const { event, to } = ORDER_TRANSITIONS[candidate];
    if (event !== type || to !== data['status']) return false;
    return from === null ? ORDER_TRANSITIONS[candidate].from.length === 0 : canTransition(candidate, from);
  });
  if (name === undefined)
    throw new Error(`event ${seq}, ${type} to ${String(data['status'])}, is illegal from ${from}`);
  return ORDER_TRANSITIONS[name].to;
}
