import { timingSafeEqual } from 'node:crypto';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../../infra/timers/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { addMs, now } from '../../../shared/clock.ts';
import { randomDigits } from '../../../shared/ids.ts';
import { OrderModel, type OrderRecord } from '../order.model.ts';
import { assertPaidFor } from '../order.policy.ts';
import { takeTransition, tryTransition, type TransitionRequest } from '../order-transition.service.ts';
import { toOrderView, type OrderView } from '../orders.presenter.ts';
import { getOrderAtWork, getOrderIn } from '../orders.queries.ts';

/** T6 */
export const NO_SHOW_TIMER = 'order.no_show';

const CODE_DIGITS = 6;
/** Guesses at one code; after that the customer must show a new one. */
const MAX_TRIES = 5;

/**
 * What O11 adds to an order that its customer collects: the code that opens it, and until when it is kept. Nobody need come before the
 * promised time, however early the food is called ready.
 */
export function readyToCollect({
  mode,
  promisedAt,
}: Pick<OrderRecord, 'mode' | 'promisedAt'>): Pick<TransitionRequest, 'set' | 'data'> {
  if (mode === 'delivery') return {};
  const keptFrom = promisedAt > now() ? promisedAt : now();
  const collectUntil = addMs(keptFrom, config.orders.noShowSeconds * 1000);
  return { set: { collectionCode: newCode(), collectUntil }, data: { collectUntil: collectUntil.toISOString() } };
}

/** In the transaction of O11. */
export async function startCollection(tx: Tx, { _id: subjectId, collectUntil }: OrderRecord): Promise<void> {
  if (collectUntil !== null) await scheduleTimer(tx, { kind: NO_SHOW_TIMER, subjectId, dueAt: collectUntil });
}

/**
 * O14: the restaurant gives the food to the customer who shows the code. Collected already: answers unchanged.
 * @throws AppError `not_found`, `forbidden`, `invalid_transition`, `payment_open`, `handover_code_wrong`, `handover_code_locked`
 */
export async function collectOrder(
  { orderId, code }: { orderId: string; code: string },
  actor: Actor,
): Promise<OrderView> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, 'order.cook');
  if (order.status === 'collected') return toOrderView(order, viewer);
  if (order.status !== 'ready') throw new AppError('invalid_transition', { details: { status: order.status } });
  await judgeGuess(orderId, code);
  const collected = await withTransaction(async (tx) => {
    // The customer may have shown a new one since the guess was judged.
    const current = await getOrderIn(tx, orderId);
    if (!isSameCode(current.collectionCode, code)) throw wrongCode(current.collectionTries);
    assertPaidFor(current);
    const asStaff = { actor: { role: 'restaurant' as const, id: actor.userId }, owner: {} };
    const { order: done } = await takeTransition(tx, 'O14', { orderId, ...asStaff });
    await cancelTimers(tx, orderId, [NO_SHOW_TIMER]);
    return done;
  });
  return toOrderView(collected, viewer);
}

/** One atomic increment per comparison, outside any transaction, so that no abort gives a try back; a right guess does. */
async function judgeGuess(orderId: string, given: string): Promise<void> {
  const ready = { _id: orderId as never, status: 'ready' as const, mode: 'collection' as const };
  const counted = (await OrderModel.collection.findOneAndUpdate(
    { ...ready, collectionTries: { $lt: MAX_TRIES } },
    { $inc: { collectionTries: 1 } },
    { returnDocument: 'after' },
  )) as OrderRecord | null;
  if (counted === null) {
    const isStillAsked = await OrderModel.collection.findOne(ready, { projection: { _id: 1 } });
    // Another request was quicker: the machine has the answer.
    if (isStillAsked === null) return;
    throw new AppError('handover_code_locked');
  }
  if (!isSameCode(counted.collectionCode, given)) throw wrongCode(counted.collectionTries);
  await OrderModel.collection.updateOne(
    { ...ready, collectionCode: given, collectionTries: { $gt: 0 } },
    { $inc: { collectionTries: -1 } },
  );
}

/**
 * A new code with all its tries; the old one is worth nothing.
 * @throws AppError `not_found` for somebody else's order, `invalid_transition` unless it waits to be collected
 */
export async function renewCollectionCode(orderId: string, actor: Actor): Promise<{ collectionCode: string }> {
  const mine = { _id: orderId, customerId: actor.userId };
  const order = await OrderModel.findOne(mine, { status: 1, collectionCode: 1 }).lean();
  if (order === null) throw new AppError('not_found');
  const collectionCode = newCode(order.collectionCode);
  const { matchedCount } = await OrderModel.updateOne(
    { ...mine, status: 'ready', mode: 'collection' },
    { $set: { collectionCode, collectionTries: 0 } },
  );
  if (matchedCount === 0) throw new AppError('invalid_transition', { details: { status: order.status } });
  return { collectionCode };
}

/**
 * O15 by the restaurant, which need not wait for the sweep. The food was cooked, so the whole amount stays due.
 * @throws AppError `not_found`, `forbidden`, `invalid_transition`, `no_show_too_early`
 */
export async function reportNoShow(orderId: string, actor: Actor): Promise<OrderView> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, 'order.cook');
  if (order.status === 'ready') assertGivenUp(order);
  const asStaff = { actor: { role: 'restaurant' as const, id: actor.userId }, owner: {} };
  const { order: given } = await withTransaction((tx) =>
    takeTransition(tx, 'O15', { orderId, ...asStaff, set: NOT_COLLECTED }),
  );
  return toOrderView(given, viewer);
}

function assertGivenUp({ status, collectUntil: until }: OrderRecord): void {
  if (until === null) throw new AppError('invalid_transition', { details: { status } });
  if (until > now()) throw new AppError('no_show_too_early', { details: { until: until.toISOString() } });
}

/** O15, fired by T6. */
export async function giveUpUncollected(orderId: string): Promise<void> {
  await withTransaction((tx) =>
    tryTransition(tx, 'O15', { orderId, actor: { role: 'system', id: null }, owner: {}, set: NOT_COLLECTED }),
  );
}

const NOT_COLLECTED = { liableParty: 'customer' } as const;

function wrongCode(tries: number): AppError {
  return new AppError('handover_code_wrong', { details: { attemptsLeft: MAX_TRIES - tries } });
}

/** From the CSPRNG, other than `previous`, so that showing a new code always changes something. */
function newCode(previous: string | null = null): string {
  let code = randomDigits(CODE_DIGITS);
  while (code === previous) code = randomDigits(CODE_DIGITS);
  return code;
}

/** In constant time for codes of one length. */
function isSameCode(expected: string | null, given: string): boolean {
  const [a, b] = [Buffer.from(expected ?? ''), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
