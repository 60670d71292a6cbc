import { AppError } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers } from '../../../infra/timers/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { keepStock } from '../../menu/index.ts';
import { discountOf } from '../../pricing/index.ts';
import { lowerCouponClaim } from '../../promotions/index.ts';
import { cancelBySystem } from '../cancellation/cancellation.service.ts';
import type { EventActor } from '../order-event.model.ts';
import { awaitAcceptance } from '../kitchen/kitchen-timers.ts';
import { appendOrderEvent } from '../order-log.service.ts';
import { SOLD_OUT } from '../order.machine.ts';
import type { OrderRecord } from '../order.model.ts';
import { toOrderView, type OrderView } from '../orders.presenter.ts';
import { getOrderFor, getOrderIn } from '../orders.queries.ts';
import { amendOrder, withoutSubstitutes } from './amend-order.ts';
import { outcomeOf, type AmendmentAnswer, type AmendmentOutcome } from './amendment.machine.ts';
import { AmendmentModel, type AmendmentRecord } from './amendment.model.ts';
import { AMENDMENT_TIMER } from './void-amendment.service.ts';

interface RespondInput {
  orderId: string;
  amendmentId: string;
  answer: Exclude<AmendmentAnswer, 'timed_out'>;
}

/**
 * The customer's word; the same word again is no news.
 * @throws AppError `not_found`, `invalid_transition` where it was settled otherwise, or the order has ended
 */
export async function respondToAmendment(input: RespondInput, actor: Actor): Promise<OrderView> {
  const { orderId, amendmentId, answer } = input;
  const { customerId } = await getOrderFor(orderId, actor);
  if (customerId !== actor.userId) throw new AppError('not_found');
  const by: EventActor = { role: 'customer', id: actor.userId };
  const order = await withTransaction(async (tx) => {
    const settled = await settle(tx, { amendmentId, orderId, answer, by });
    return settled ?? (await orderSettledSo(tx, input));
  });
  return toOrderView(order, actor);
}

/** Nobody answered in time. Silent where somebody did, or the order has ended. */
export async function settleUnanswered(amendmentId: string): Promise<void> {
  const by: EventActor = { role: 'system', id: null };
  await withTransaction(async (tx) => {
    const amendment = await AmendmentModel.findById(amendmentId).session(tx).lean();
    if (amendment?.status !== 'proposed') return;
    await settle(tx, { amendmentId, orderId: amendment.orderId, answer: 'timed_out', by });
  });
}

interface Settling {
  amendmentId: string;
  orderId: string;
  answer: AmendmentAnswer;
  by: EventActor;
}

/** Row, order, money and log at once. Null where the order does not wait for this amendment any more. */
async function settle(tx: Tx, settling: Settling): Promise<OrderRecord | null> {
  const { amendmentId, orderId, answer } = settling;
  const order = await getOrderIn(tx, orderId);
  if (order.openAmendmentId !== amendmentId) return null;
  const amendment = await AmendmentModel.findById(amendmentId).session(tx).lean();
  if (amendment?.status !== 'proposed') return null;
  const outcome = outcomeOf(answer, order.replacement);
  const amended = amendedBy(order, amendment, outcome);
  const applied = amended === null ? ('order_cancelled' as const) : outcome;
  const row = { status: 'applied' as const, answer, outcome: applied, settledAt: now() };
  await AmendmentModel.collection.updateOne({ _id: amendmentId as never }, { $set: row }, { session: tx });
  await cancelTimers(tx, amendmentId, [AMENDMENT_TIMER]);
  const settled = await writeSettlement(tx, { order, settling, applied, amended });
  await keepStock(tx, stockAfter(order, amendment, amended));
  if (amended !== null) {
    await lowerCouponClaim(tx, { orderId, discountMinor: discountOf(amended.pricing) });
    // It is another order now, and it is the kitchen's turn again: T2 begins anew, in full.
    if (order.status === 'placed') await awaitAcceptance(tx, orderId);
    return settled;
  }
  return cancelBySystem(tx, { orderId, reason: SOLD_OUT, liableParty: 'restaurant' });
}

function amendedBy(order: OrderRecord, { changes }: AmendmentRecord, outcome: AmendmentOutcome) {
  if (outcome === 'order_cancelled') return null;
  return amendOrder(order, outcome === 'taken' ? changes : withoutSubstitutes(changes));
}

/** Of an order that ends before the kitchen has begun nothing is needed; what has run out is not to be sold again. */
function stockAfter(order: OrderRecord, { changes }: AmendmentRecord, amended: ReturnType<typeof amendOrder>) {
  const isBegun = order.readyEta !== null;
  const soldOut = new Set(changes.filter(({ isSoldOut }) => isSoldOut).map(({ lineId }) => lineId));
  const lost = new Set(order.items.filter(({ lineId }) => soldOut.has(lineId)).map(({ itemId }) => itemId));
  return { orderId: order._id, lines: amended?.items ?? (isBegun ? order.items : []), lost };
}

interface Settlement {
  order: OrderRecord;
  settling: Settling;
  applied: AmendmentOutcome;
  amended: ReturnType<typeof amendOrder>;
}

function writeSettlement(tx: Tx, { order, settling, applied, amended }: Settlement): Promise<OrderRecord | null> {
  const { amendmentId, orderId, answer, by } = settling;
  const amountDueMinor = amended?.pricing.totalMinor ?? order.amountDueMinor;
  const refundMinor = order.amountDueMinor - amountDueMinor;
  return appendOrderEvent(tx, {
    orderId,
    type: 'order.amendment_settled',
    actor: by,
    data: { amendmentId, answer, outcome: applied, amountDueMinor, refundMinor, currency: order.currency },
    set: { openAmendmentId: null, ...(amended === null ? {} : { ...amended, amountDueMinor }) },
    where: { openAmendmentId: amendmentId },
  });
}

async function orderSettledSo(tx: Tx, { orderId, amendmentId, answer }: RespondInput): Promise<OrderRecord> {
  const amendment = await AmendmentModel.findOne({ _id: amendmentId, orderId }).session(tx).lean();
  if (amendment === null) throw new AppError('not_found');
  const order = await getOrderIn(tx, orderId);
  if (amendment.answer === answer) return order;
  throw new AppError('invalid_transition', { details: { status: amendment.answer ?? order.status } });
}
