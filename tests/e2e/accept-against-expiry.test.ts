import { beforeAll, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { TimerModel } from '../../src/infra/timers/timer.model.ts';
import { ACCEPT_TIMER } from '../../src/modules/orders/index.ts';
import { nowMs } from '../../src/shared/clock.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOrder,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

const ORDERS_PER_ROUND = 16;
const MAX_ROUNDS = 4;
/** T2: long enough to pay a round of orders, even on a busy machine. */
const ACCEPT_TIMEOUT_SECONDS = '5';
/**
 * Acceptances leave from half of this before T2 to as much after it: the alarm itself is some milliseconds late. Each further round
 * spreads them wider, where a busy machine is later than that.
 */
const SPREAD_MS = 24;
const WIDER = 4;

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const settings = { ACCEPT_TIMEOUT_SECONDS, SWEEP_INTERVAL_SECONDS: '1' };
  const [first, second] = await Promise.all([startApi(settings), startApi(settings), startWorker(settings)]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

it('acceptance against T2 at the same moment, over and over, has one outcome each time, and the money follows it', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS && outcomes.size < 2; round += 1) {
    const races = Array.from({ length: ORDERS_PER_ROUND }, (_, index) => race(index, SPREAD_MS * WIDER ** round));
    for (const outcome of await Promise.all(races)) outcomes.add(outcome);
  }
  // Otherwise nothing raced.
  expect([...outcomes].sort()).toEqual(['accepted', 'expired']);
}, 120_000);

async function race(index: number, spreadMs: number): Promise<'accepted' | 'expired'> {
  const base = bases[index % bases.length] ?? '';
  const { order } = await placePaidOrder(base, restaurant);
  const timer = await TimerModel.findOne({ kind: ACCEPT_TIMER, subjectId: order.id }).lean();
  // Gone, if it took so long to pay that T2 has come: then the acceptance comes behind it.
  if (timer !== null) await clockShows(timer.dueAt.getTime() - spreadMs / 2 + (index / ORDERS_PER_ROUND) * spreadMs);
  const answer = await tryAccepting(restaurant.owner.at(base), order.id);
  return answer.status === 200 ? assertAccepted(order.id) : assertExpired(order.id, answer);
}

function clockShows(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, atMs - nowMs()));
}

async function assertAccepted(orderId: string): Promise<'accepted'> {
  await outboxDone(orderId);
  const log = await storedLog(orderId);
  expect(log).toContain('order.accepted');
  expect(log).not.toContain('order.accept_expired');
  expect((await storedOrder(orderId)).status).toBe('accepted');
  await eventually(async () => {
    expect((await storedPayment(orderId)).status).toBe('captured');
  });
  expect(await TimerModel.countDocuments({ kind: ACCEPT_TIMER, subjectId: orderId })).toBe(0);
  const { amount, captured, captureCount, released } = await bookOf(orderId);
  expect({ captured, captureCount, released }).toEqual({ captured: amount, captureCount: 1, released: 0 });
  return 'accepted';
}

async function assertExpired(orderId: string, answer: { status: number; body: unknown }): Promise<'expired'> {
  expect(answer).toMatchObject({
    status: 409,
    body: { error: { code: 'invalid_transition', details: { status: 'expired' } } },
  });
  await outboxDone(orderId);
  const log = await storedLog(orderId);
  expect(log).toContain('order.accept_expired');
  expect(log).not.toContain('order.accepted');
  expect((await storedOrder(orderId)).status).toBe('expired');
  await eventually(async () => {
    expect((await storedPayment(orderId)).status).toBe('voided');
  });
  const { amount, captured, released } = await bookOf(orderId);
  expect({ captured, released }).toEqual({ captured: 0, released: amount });
  return 'expired';
}
