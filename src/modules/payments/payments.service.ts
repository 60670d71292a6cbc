import { AppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { expireUnpaidOrder, getOrderFor } from '../orders/index.ts';
import { askProvider, ensureIntent, type PaymentIntent } from './intents.service.ts';
import { draftPayment, PaymentModel, type NewPayment, type PaymentRecord } from './payment.model.ts';
import { PAYMENT_OVERDUE } from './payments.events.ts';
import { RefundModel, type RefundRecord } from './refunds/refund.model.ts';

/** The row that an order is paid by, in the transaction that makes the order: cash and nothing at all have one, too. */
export async function createPayment(tx: Tx, input: NewPayment): Promise<void> {
  await PaymentModel.collection.insertOne(draftPayment(input) as never, { session: tx });
}

/** T1. The provider may be slow, and no timer waits for it: the asking is a job of its own. */
export async function askBeforeExpiry(orderId: string): Promise<void> {
  await withTransaction((tx) => appendOutbox(tx, [{ event: PAYMENT_OVERDUE, payload: { orderId } }]));
}

/**
 * Asks the provider before an order expires, so that a payment whose webhook is late still counts.
 * @throws whatever the provider's silence throws; the job comes again
 */
export async function expireOrderUnlessPaid(orderId: string): Promise<void> {
  const payment = await PaymentModel.findOne({ orderId, tipNumber: 0 }).lean();
  if (payment !== null) await askProvider(payment);
  await withTransaction((tx) => expireUnpaidOrder(tx, orderId));
}

export interface PaymentDetails {
  payment: PaymentRecord;
  refunds: RefundRecord[];
  /** Only for the customer: the office pays nothing. */
  intent: PaymentIntent | null;
}

/**
 * The payment of the customer's own order, with what the browser needs to confirm it; for the office without that.
 * @throws AppError `not_found`
 */
export async function getPaymentFor(orderId: string, actor: Actor): Promise<PaymentDetails> {
  const order = await getOrderFor(orderId, actor);
  const isOwn = order.customerId === actor.userId;
  if (!isOwn && !isOffice(actor)) throw new AppError('not_found');
  const isCard = order.paymentMethod === 'card';
  const intent = isOwn && isCard ? await ensureIntent(order.paymentId) : null;
  const [payment, refunds] = await Promise.all([
    getPaymentOf(orderId),
    RefundModel.find({ paymentId: order.paymentId }).sort({ _id: 1 }).lean(),
  ]);
  return { payment, refunds, intent };
}

function isOffice({ roles }: Actor): boolean {
  return roles.includes('support') || roles.includes('admin');
}

/** What the order itself is paid by. @throws AppError `not_found` */
export async function getPaymentOf(orderId: string, tx: Tx | null = null): Promise<PaymentRecord> {
  const payment = await PaymentModel.findOne({ orderId, tipNumber: 0 }).session(tx).lean();
  if (payment === null) throw new AppError('not_found', { info: { orderId } });
  return payment;
}
