import { AppError } from '../../errors/index.ts';
import { runIdempotent, withTransaction, type IdempotentRequest, type Tx } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { findOrder, getOrderFor, getOrderIn, type OrderRecord } from '../orders/index.ts';
import { findSavedCard } from './cards/cards.queries.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import * as gateway from './gateways/stripe.ts';
import { payWithCard } from './pay-with-card.service.ts';
import type { PaymentRecord } from './payment.model.ts';
import { getPaymentFor, getPaymentOf, type PaymentDetails } from './payments.service.ts';
import { beginAttempt } from './rotate-intent.service.ts';

interface PayInput {
  orderId: string;
  /** A saved card of the customer's. */
  cardId?: string | undefined;
  idempotency: IdempotentRequest;
}

/**
 * Another try at paying: gives the browser what it needs for the present intent, a new one where the old one is dead; with a saved
 * card it is paid at once, unless the bank asks.
 * @throws AppError `not_found` (order, card), `invalid_transition` where nothing is to be paid, `payment_provider_unavailable`
 */
export async function payOrder(
  { orderId, cardId, idempotency }: PayInput,
  actor: Actor,
): Promise<PaymentDetails & { isReplay: boolean }> {
  const order = await getOrderFor(orderId, actor);
  if (order.customerId !== actor.userId) throw new AppError('not_found');
  const card = cardId === undefined ? null : await findSavedCard(actor.userId, cardId);
  if (cardId !== undefined && card === null) throw new AppError('not_found');
  await endSilentCapture(orderId);
  const { isReplay } = await runIdempotent(idempotency, async (tx) => {
    await prepareAttempt(tx, await getOrderIn(tx, orderId));
    return { orderId };
  });
  if (card !== null && !isReplay) await payWithCard(card, order.paymentId);
  return { ...(await getPaymentFor(orderId, actor)), isReplay };
}

/**
 * A capture without an answer may have succeeded. Its intent is ended at the provider, which either frees the hold or says that it took
 * the money: then the order is paid. Only a hold that is freed is followed by another intent, so that nobody pays twice. The payment is
 * read before its order: what is ended here is never the attempt that came after the problem.
 * @throws AppError `payment_provider_unavailable` while the provider does not say which
 */
async function endSilentCapture(orderId: string): Promise<void> {
  const { status, intentId } = await getPaymentOf(orderId);
  if (status !== 'capturing' || intentId === null || !mayPayAgain(await findOrder(orderId))) return;
  const record = await gateway.cancelIntent(intentId).catch((error: unknown) => {
    throw new AppError('payment_provider_unavailable', { cause: error });
  });
  await withTransaction((tx) => finalizePayment(tx, record));
}

/** @throws AppError `invalid_transition` */
async function prepareAttempt(tx: Tx, order: OrderRecord): Promise<void> {
  const payment = await getPaymentOf(order._id, tx);
  assertPayable(order, payment);
  if (payment.status === 'requires_payment' || payment.status === 'requires_action') return;
  const isBegun = await beginAttempt(tx, payment, { amountMinor: order.amountDueMinor });
  if (!isBegun) throw refused(order);
}

function assertPayable(order: OrderRecord, { method, status }: PaymentRecord): void {
  const isOpen = order.status === 'pending_payment' || mayPayAgain(order);
  const isUnpaid = ['requires_payment', 'requires_action', 'voided', 'failed'].includes(status);
  if (method !== 'card' || !isOpen || !isUnpaid) throw refused(order);
}

function mayPayAgain(order: OrderRecord | null): boolean {
  return order !== null && order.payAgainUntil !== null && order.payAgainUntil > now();
}

function refused({ status }: OrderRecord): AppError {
  return new AppError('invalid_transition', { details: { status } });
}
