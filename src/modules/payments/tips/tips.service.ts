import { trusted } from 'mongoose';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { runIdempotent, type IdempotentRequest, type Tx } from '../../../infra/mongo/index.ts';
import { scheduleTimer } from '../../../infra/timers/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now, secondsFromNow } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { money, type Money } from '../../../shared/money.ts';
import { getOrderFor, type OrderRecord } from '../../orders/index.ts';
import { findSavedCard } from '../cards/cards.queries.ts';
import { ensureIntent } from '../intents.service.ts';
import { payWithCard } from '../pay-with-card.service.ts';
import { draftPayment, PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { TIP_TIMER } from '../payments.events.ts';
import { isWaiting, tipLeftMinor, tipRefusalOf } from './tip-rules.ts';

interface TipInput {
  orderId: string;
  amount: Money;
  /** A saved card of the customer's. */
  cardId?: string | undefined;
  idempotency: IdempotentRequest;
}

export interface TipDetails {
  tip: PaymentRecord;
  /** Only for the customer, while it is to be paid. */
  clientSecret: string | null;
}

/**
 * The customer tips the courier after the delivery: a payment of its own, by card, also where the order was paid in cash. With a saved
 * card it is paid at once, unless the bank asks; else the browser pays. It counts once the provider says so.
 * @throws AppError `not_found` (order, card), `invalid_transition` unless it was delivered, `tip_refused`, `payment_provider_unavailable`
 */
export async function tipOrder(
  { orderId, amount, cardId, idempotency }: TipInput,
  actor: Actor,
): Promise<TipDetails & { isReplay: boolean }> {
  const order = await getOrderFor(orderId, actor);
  if (order.customerId !== actor.userId) throw new AppError('not_found');
  const card = cardId === undefined ? null : await findSavedCard(actor.userId, cardId);
  if (cardId !== undefined && card === null) throw new AppError('not_found');
  const { answer, isReplay } = await runIdempotent(idempotency, async (tx) => {
    const { _id: tipId } = await beginTip(tx, order, amount);
    return { tipId };
  });
  if (card !== null && !isReplay) await payWithCard(card, answer.tipId);
  const { clientSecret } = await ensureIntent(answer.tipId);
  return { ...forCustomer(await getTip(answer.tipId), clientSecret), isReplay };
}

/** Several at once queue at the order's own payment, so that each is judged with those before it. */
async function beginTip(tx: Tx, order: OrderRecord, amount: Money): Promise<PaymentRecord> {
  const { _id: orderId, customerId, currency, status, mode } = order;
  // To whom it is brought may wait; who collects has nobody to tip, however long.
  if (mode === 'delivery' && status !== 'delivered') throw new AppError('invalid_transition', { details: { status } });
  const tipNumber = await nextNumber(tx, orderId);
  assertTippable(order, amount, await findTips(orderId, tx));
  const bound = { orderId, customerId, currency, tipNumber, amountMinor: amount.amount, method: 'card' } as const;
  const tip = draftPayment({ paymentId: newId(), ...bound });
  await PaymentModel.collection.insertOne(tip as never, { session: tx });
  const dueAt = secondsFromNow(config.orders.payTimeoutSeconds);
  await scheduleTimer(tx, { kind: TIP_TIMER, subjectId: tip._id, dueAt });
  return tip;
}

async function nextNumber(tx: Tx, orderId: string): Promise<number> {
  const counted = (await PaymentModel.collection.findOneAndUpdate(
    { orderId, tipNumber: 0 },
    { $inc: { tips: 1 } },
    { session: tx, returnDocument: 'after', projection: { tips: 1 } },
  )) as Pick<PaymentRecord, 'tips'> | null;
  if (counted === null) throw new Error(`order ${orderId} has no payment`);
  return counted.tips;
}

/** @throws AppError `tip_refused` with what could be given */
function assertTippable(order: OrderRecord, amount: Money, tips: readonly PaymentRecord[]): void {
  const reason = tipRefusalOf(order, { amount, tips, at: now(), windowSeconds: config.orders.tipWindowSeconds });
  if (reason === null) return;
  const left = money(Math.max(0, tipLeftMinor(order, tips)), order.currency);
  throw new AppError('tip_refused', { details: { reason, left } });
}

/**
 * All tips of an order that were begun after its delivery, the first one first; for the customer with what the browser needs to pay.
 * @throws AppError `not_found` for everybody but the customer and the office
 */
export async function listTips(orderId: string, actor: Actor): Promise<TipDetails[]> {
  const order = await getOrderFor(orderId, actor);
  const isOwn = order.customerId === actor.userId;
  if (!isOwn && !actor.roles.some((role) => role === 'support' || role === 'admin')) throw new AppError('not_found');
  const tips = await findTips(orderId);
  return tips.map((tip) => (isOwn ? forCustomer(tip, tip.clientSecret) : { tip, clientSecret: null }));
}

function findTips(orderId: string, tx: Tx | null = null): Promise<PaymentRecord[]> {
  return PaymentModel.find({ orderId, tipNumber: trusted({ $gt: 0 }) })
    .sort({ tipNumber: 1 })
    .session(tx)
    .lean();
}

async function getTip(tipId: string): Promise<PaymentRecord> {
  const tip = await PaymentModel.findById(tipId).lean();
  if (tip === null) throw new AppError('not_found');
  return tip;
}

function forCustomer(tip: PaymentRecord, clientSecret: string | null): TipDetails {
  return { tip, clientSecret: isWaiting(tip) ? clientSecret : null };
}
