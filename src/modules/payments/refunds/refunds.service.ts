import { trusted } from 'mongoose';
import { config } from '../../../config/index.ts';
import { AppError, invalidCursor } from '../../../errors/index.ts';
import { runIdempotent, type IdempotentAnswer, type IdempotentRequest, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { allocate } from '../../../shared/money.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import { getOrderFor, getOrderIn, type OrderRecord } from '../../orders/index.ts';
import { type LiableParty } from '../../../shared/liable-party.ts';
import { assertNotOwnSide, listWorkplaces } from '../../staff/index.ts';
import { auditMoney } from '../move-payment.service.ts';
import { isTip, PaymentModel } from '../payment.model.ts';
import { REFUND_APPROVED } from '../payments.events.ts';
import { RefundModel, type RefundReason, type RefundRecord } from './refund.model.ts';
import { toRefundView, type RefundView } from './refunds.presenter.ts';
import { requestRefund, reserve } from './request-refund.service.ts';

interface RefundInput {
  orderId: string;
  amountMinor?: number | undefined;
  lines?: RefundRecord['lines'] | undefined;
  /** Of a tip after the delivery, not of the order. */
  tipId?: string | undefined;
  reason: RefundReason;
  note?: string | undefined;
  liableParty: LiableParty;
  idempotency: IdempotentRequest;
}

/**
 * Support gives money back: an amount, or dishes at what they cost; or of a tip.
 * @throws AppError `not_found`, `own_side` for an order of one's own side, `refund_exceeds_captured`, `validation_failed` (unknown line),
 *   and those of `runIdempotent`
 */
export async function refundOrder(input: RefundInput, actor: Actor): Promise<IdempotentAnswer<RefundView>> {
  const { idempotency, orderId, reason, note, liableParty, lines } = input;
  const order = await getOrderFor(orderId, actor);
  await assertNotOwnSide(order, actor);
  return runIdempotent(idempotency, async (tx) => {
    const refund = await requestRefund(tx, {
      ...{
        order,
        paymentId: await paymentToRefund(tx, order, input.tipId),
        cause: 'support',
        reason,
        note,
        liableParty,
        lines: lines ?? [],
      },
      amountMinor: input.amountMinor ?? (await priceOf(tx, order, lines ?? [])),
      sourceId: `support-${actor.userId}-${idempotency.key}`,
      requestedBy: actor.userId,
    });
    return toRefundView(refund);
  });
}

/** @throws AppError `not_found` for a tip of another order */
async function paymentToRefund(tx: Tx, { _id: orderId, paymentId }: OrderRecord, tipId?: string): Promise<string> {
  if (tipId === undefined) return paymentId;
  const tip = await PaymentModel.findOne({ _id: tipId, orderId }).session(tx).lean();
  if (tip === null || !isTip(tip)) throw new AppError('not_found');
  return tipId;
}

/** What the customer paid for these pieces, tax and discount included. No piece is given back twice, nor where nobody knows whether it was. */
async function priceOf(tx: Tx, order: OrderRecord, lines: RefundRecord['lines']): Promise<number> {
  const before = await RefundModel.find({ paymentId: order.paymentId }).session(tx).lean();
  const given = before
    .filter(({ status, isReserved }) => status !== 'failed' || isReserved)
    .flatMap(({ lines }) => lines);
  const wanted = Map.groupBy(lines, ({ lineId }) => lineId);
  const priceMinor = [...wanted].reduce((sum, [lineId, parts]) => {
    const line = order.pricing.lines.find(({ id }) => id === lineId);
    const from = quantityOf(given.filter((part) => part.lineId === lineId));
    const to = from + quantityOf(parts);
    if (line === undefined || to > line.quantity) {
      const index = lines.findLastIndex((part) => part.lineId === lineId);
      throw notRefundable(order, { lineId, index, left: (line?.quantity ?? 0) - from });
    }
    const pieces = allocate(line.totalMinor, Array<number>(line.quantity).fill(1));
    return sum + pieces.slice(from, to).reduce((total, piece) => total + piece, 0);
  }, 0);
  const [first] = lines;
  // A dish that cost nothing: the provider gives nothing back.
  if (priceMinor === 0 && first !== undefined) throw notRefundable(order, { lineId: first.lineId, index: 0, left: 0 });
  return priceMinor;
}

function quantityOf(parts: RefundRecord['lines']): number {
  return parts.reduce((sum, { quantity }) => sum + quantity, 0);
}

function notRefundable({ items }: OrderRecord, asked: { lineId: string; index: number; left: number }): AppError {
  const { lineId, index, left } = asked;
  const item = items.find((each) => each.lineId === lineId);
  const problem =
    item === undefined
      ? { path: `lines.${index}.lineId`, code: 'unknown_line', message: `The order has no line ${lineId}.` }
      : { path: `lines.${index}.quantity`, code: 'too_many', message: leftOf(item, left) };
  return new AppError('validation_failed', { details: [problem] });
}

function leftOf({ name, quantity }: OrderRecord['items'][number], left: number): string {
  return `${name}: ${left === 0 ? 'nothing is' : `only ${left} of ${quantity} are`} left to refund.`;
}

interface RetryInput {
  refundId: string;
  idempotency: IdempotentRequest;
}

/**
 * Makes a failed refund again: under the same key where nobody knows whether it was made, else anew.
 * @throws AppError `not_found`, `own_side`, `invalid_transition` (has not failed), `refund_exceeds_captured`
 */
export async function retryRefund(
  { refundId, idempotency }: RetryInput,
  actor: Actor,
): Promise<IdempotentAnswer<RefundView>> {
  const asked = await RefundModel.findById(refundId).lean();
  if (asked !== null) await assertNotOwnSide(asked, actor);
  return runIdempotent(idempotency, async (tx) => {
    const refund = await RefundModel.findById(refundId).session(tx).lean();
    if (refund === null) throw new AppError('not_found');
    if (refund.status !== 'failed' || refund.isReplaced === true)
      throw new AppError('invalid_transition', { details: { status: refund.status } });
    // Given back by another refund since?
    if (!refund.isReserved) await priceOf(tx, await getOrderIn(tx, refund.orderId), refund.lines);
    return toRefundView(await approveAgain(tx, refund));
  });
}

async function approveAgain(tx: Tx, refund: RefundRecord): Promise<RefundRecord> {
  const { _id: refundId, amountMinor, paymentId, isReserved } = refund;
  // The sum of settlements counts it already.
  if (!isReserved) await reserve(tx, paymentId, { amountMinor, isSettlement: false });
  const attempt = isReserved ? refund.attempt : refund.attempt + 1;
  const set = { status: 'approved', isReserved: true, attempt, failureCode: null, updatedAt: now() } as const;
  await RefundModel.updateOne({ _id: refundId }, { $set: set }).session(tx);
  await appendOutbox(tx, [{ event: REFUND_APPROVED, payload: { refundId } }]);
  const payment = await PaymentModel.findById(paymentId).session(tx).lean();
  if (payment === null) throw new AppError('not_found');
  await auditMoney(tx, payment, { event: 'money.refund_retried', status: payment.status, refundId, attempt });
  return { ...refund, ...set };
}

interface RefundFilter {
  orderId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface RefundPage {
  data: RefundRecord[];
  limit: number;
  nextCursor: string | null;
}

/** The refunds that somebody bears: the office sees all, a restaurant and a courier those of their own account. Newest first. */
export async function listRefunds({ orderId, limit, cursor }: RefundFilter, actor: Actor): Promise<RefundPage> {
  const scope = `refunds ${actor.userId} ${orderId ?? ''}`;
  const before = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof before !== 'string') throw invalidCursor();
  const rows = await RefundModel.find({
    ...(await ownAccount(actor)),
    ...(orderId === undefined ? {} : { orderId }),
    ...(typeof before === 'string' ? { _id: trusted({ $lt: before }) } : {}),
  })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

async function ownAccount(actor: Actor): Promise<Record<string, unknown>> {
  if (actor.roles.includes('support') || actor.roles.includes('admin')) return {};
  const workplaces = await listWorkplaces(actor.userId);
  const owned = workplaces.filter(({ role }) => role === 'owner');
  // One branch each, so that every one comes in order out of its index.
  const asRestaurant = owned.map(({ restaurantId }) => ({ restaurantId, liableParty: 'restaurant' }));
  return { $or: [{ courierId: actor.userId, liableParty: 'courier' }, ...asRestaurant] };
}
