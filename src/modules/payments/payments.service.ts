import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { runDetached } from '../../infra/lifecycle/index.ts';
import { counter, reportError } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { expireUnpaidOrder, getOrderFor, recordPaymentEvent } from '../orders/index.ts';
import { auditMoney, finalizePayment, movePayment, type FinalizeResult } from './finalize-payment.service.ts';
import type { ProviderEvent } from './gateways/provider-record.ts';
import * as gateway from './gateways/stripe.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';
import { WebhookEventModel } from './webhook-event.model.ts';

/** Outbox event of T1: `{ orderId }`. */
export const PAYMENT_OVERDUE = 'payment.overdue';

const webhooks = counter('quickbite_webhook_events_total', 'Events of the payment provider', [
  'provider',
  'type',
  'result',
]);

/** An intent that the request itself could not create is created by the sweep after this. */
const INTENT_GRACE_MS = 5000;
const INTENTS_AT_ONCE = 10;
const ANSWER_MS = 3000;

interface PayableAmount {
  paymentId: string;
  orderId: string;
  amountMinor: number;
  currency: string;
}

interface NewPayment extends PayableAmount {
  customerId: string;
}

/** The row that an order is paid by, in the transaction that makes the order. */
export async function createPayment(tx: Tx, { paymentId, ...bound }: NewPayment): Promise<void> {
  const at = now();
  const payment: PaymentRecord = {
    _id: paymentId,
    ...bound,
    status: 'requires_payment',
    intentId: null,
    clientSecret: null,
    amountCapturedMinor: 0,
    amountRefundedMinor: 0,
    failureCode: null,
    createdAt: at,
    updatedAt: at,
  };
  await PaymentModel.collection.insertOne(payment as never, { session: tx });
}

export interface PaymentIntent {
  clientSecret: string | null;
  publishableKey: string;
}

/**
 * The intent of a payment, created at the provider on the first call. Called after the commit; a provider that does not answer in
 * time leaves `clientSecret` null, and the sweep asks again under the same key.
 */
export function ensureIntent(paymentId: string): Promise<PaymentIntent> {
  return orWithoutSecret(async () => {
    const payment = await PaymentModel.findById(paymentId).lean();
    if (payment === null) throw new AppError('not_found');
    if (payment.clientSecret !== null || payment.status !== 'requires_payment') return payment.clientSecret;
    return createIntentFor({ ...payment, paymentId });
  });
}

/** The same for a payment that was committed just now, whose row need not be read again. */
export function openIntent(payment: PayableAmount): Promise<PaymentIntent> {
  return orWithoutSecret(() => createIntentFor(payment));
}

async function orWithoutSecret(findSecret: () => Promise<string | null>): Promise<PaymentIntent> {
  const { publishableKey } = config.payments;
  try {
    return { clientSecret: await inTime(findSecret()), publishableKey };
  } catch (error) {
    reportError(new AppError('payment_provider_unavailable', { cause: error }), { where: 'ensureIntent' });
    return { clientSecret: null, publishableKey };
  }
}

/** A customer waits no longer than this for the provider; its answer is kept all the same when it comes. */
async function inTime(secret: Promise<string | null>): Promise<string | null> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error('the payment provider takes too long'));
  }, ANSWER_MS);
  runDetached('create intent', async () => {
    // Reported where it is awaited.
    await secret.catch(() => null);
  });
  return Promise.race([secret, late]).finally(() => {
    clearTimeout(timer);
  });
}

async function createIntentFor({ paymentId, orderId, amountMinor, currency }: PayableAmount): Promise<string | null> {
  const { intentId, clientSecret } = await gateway.createIntent({ paymentId, orderId, amountMinor, currency });
  const { matchedCount } = await PaymentModel.updateOne(
    { _id: paymentId, status: trusted({ $in: ['requires_payment', 'requires_action', 'authorized'] }) },
    { $set: { intentId, clientSecret } },
  );
  // The order ended while we asked: nobody may pay any more.
  if (matchedCount === 0) await gateway.cancelIntent(intentId, paymentId);
  return matchedCount === 0 ? null : clientSecret;
}

/** Sweep: payments whose intent the request could not create. */
export async function createMissingIntents(): Promise<void> {
  const payments = await PaymentModel.find({
    status: 'requires_payment',
    intentId: null,
    createdAt: trusted({ $lt: addMs(now(), -INTENT_GRACE_MS) }),
  })
    .sort({ createdAt: 1 })
    .limit(INTENTS_AT_ONCE)
    .lean();
  await Promise.all(payments.map(({ _id }) => ensureIntent(_id)));
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
  const payment = await PaymentModel.findOne({ orderId }).lean();
  if (payment?.intentId != null) {
    const record = await gateway.retrieveIntent(payment.intentId);
    // Unpaid is no news: a refused card stands in the record for good, and was told when it was refused.
    if (record.status !== 'requires_payment') await withTransaction((tx) => finalizePayment(tx, record));
  }
  await withTransaction((tx) => expireUnpaidOrder(tx, orderId));
}

/** Takes the money once the restaurant has accepted. Safe to repeat: the provider keeps the answer under `capture-{paymentId}`. */
export async function capturePayment(orderId: string): Promise<void> {
  const payment = await paymentOfOrder(orderId);
  if (payment.intentId === null || payment.status === 'captured') return;
  await movePayment(payment, { to: 'capturing' });
  const record = await gateway.captureIntent(payment.intentId, payment._id);
  await withTransaction((tx) => finalizePayment(tx, record));
  if (record.status !== 'captured') await flagProblem(orderId);
}

/** Gives the money back when an order ends without food: frees the hold, or refunds what a late success captured. */
export async function releasePayment(orderId: string): Promise<void> {
  const payment = await paymentOfOrder(orderId);
  if (payment.status === 'voided' || payment.status === 'refunded' || payment.status === 'expired') return;
  if (payment.intentId === null) {
    if (await closeUnopened(payment)) return;
    throw new Error('the intent appeared meanwhile, again');
  }
  await movePayment(payment, { to: 'voiding' });
  const record = await gateway.cancelIntent(payment.intentId, payment._id);
  await withTransaction((tx) => finalizePayment(tx, record));
  if (record.status === 'captured') await refundAll(payment, payment.intentId);
  const { status } = await paymentOfOrder(orderId);
  // A retry, and in the end a human, must look at money that did not go back.
  if (status !== 'voided' && status !== 'refunded')
    throw new Error(`payment ${payment._id} is ${status} after its release`);
}

/** Conditional on the missing intent: one that is being created meanwhile is cancelled by its creator, or found by the retry. */
async function closeUnopened(payment: PaymentRecord): Promise<boolean> {
  const { _id, orderId } = payment;
  return withTransaction(async (tx) => {
    const { modifiedCount } = await PaymentModel.updateOne(
      { _id, intentId: null },
      { $set: { status: 'expired', updatedAt: now() } },
    ).session(tx);
    if (modifiedCount === 0) return false;
    await recordPaymentEvent(tx, { orderId, type: 'payment.voided', paymentStatus: 'expired' });
    await auditMoney(tx, payment, { event: 'money.payment_voided', status: 'expired' });
    return true;
  });
}

async function refundAll(payment: PaymentRecord, intentId: string): Promise<void> {
  await gateway.refundIntent(intentId, payment._id);
  const set = { amountRefundedMinor: payment.amountMinor };
  await withTransaction(async (tx) => {
    if (!(await movePayment(payment, { to: 'refunded', set }, tx))) return;
    await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.refunded', paymentStatus: 'refunded' });
    await auditMoney(tx, payment, { event: 'money.payment_refunded', status: 'refunded' });
  });
}

/** The provider will not give us money for an order that is being cooked: a human must act. */
async function flagProblem(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const isNew = { paymentStatus: { $ne: 'payment_problem' } };
    await recordPaymentEvent(tx, { orderId, type: 'payment.problem', paymentStatus: 'payment_problem' }, isNew);
  });
  reportError(new Error(`capture of order ${orderId} was refused`), { where: 'capturePayment' });
}

/** One event of the provider, however often it comes: inbox row and effect in one transaction. */
export async function receiveProviderEvent(event: ProviderEvent): Promise<FinalizeResult | 'ignored' | 'duplicate'> {
  const result = await applyOnce(event);
  webhooks.inc({ provider: 'stripe', type: event.type, result });
  return result;
}

async function applyOnce(event: ProviderEvent): Promise<FinalizeResult | 'ignored' | 'duplicate'> {
  try {
    return await withTransaction(async (tx) => {
      await claimEvent(tx, event);
      const result = event.record === null ? 'ignored' : await finalizePayment(tx, event.record);
      await WebhookEventModel.updateOne({ _id: event.id }, { $set: { result } }).session(tx);
      return result;
    });
  } catch (error) {
    if (error instanceof ReceivedBefore) return 'duplicate';
    throw error;
  }
}

/** Its own error: a duplicate that the effect meets elsewhere must not pass for an event that was received. */
class ReceivedBefore extends Error {}

async function claimEvent(tx: Tx, { id, type }: ProviderEvent): Promise<void> {
  const row = { _id: id, provider: 'stripe', type, receivedAt: now(), result: 'received' };
  try {
    await WebhookEventModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    throw isDuplicateKey(error) ? new ReceivedBefore() : error;
  }
}

export interface PaymentWithIntent {
  payment: PaymentRecord;
  intent: PaymentIntent;
}

/**
 * The payment of the customer's own order, with what the browser needs to confirm it.
 * @throws AppError `not_found`
 */
export async function getPaymentFor(orderId: string, actor: Actor): Promise<PaymentWithIntent> {
  const order = await getOrderFor(orderId, actor);
  if (order.customerId !== actor.userId) throw new AppError('not_found');
  const intent = await ensureIntent(order.paymentId);
  return { payment: await paymentOfOrder(orderId), intent };
}

async function paymentOfOrder(orderId: string): Promise<PaymentRecord> {
  const payment = await PaymentModel.findOne({ orderId }).lean();
  if (payment === null) throw new AppError('not_found', { info: { orderId } });
  return payment;
}
