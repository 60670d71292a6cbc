import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { runDetached } from '../../infra/lifecycle/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { reportError } from '../../infra/observability/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import type { ProviderRecord } from './gateways/provider-record.ts';
import * as gateway from './gateways/stripe.ts';
import { isTip, PaymentModel, type NewPayment, type PaymentRecord } from './payment.model.ts';

/** An intent that the request itself could not create is created by the sweep after this. */
const INTENT_GRACE_MS = 5000;
const INTENTS_AT_ONCE = 10;
const ANSWER_MS = 3000;

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

type PayableAmount = Pick<NewPayment, 'paymentId' | 'orderId' | 'amountMinor' | 'currency'>;

/** The same for a payment that was committed just now, whose row need not be read again. */
export function openIntent(payment: PayableAmount): Promise<PaymentIntent> {
  return orWithoutSecret(() => createIntentFor({ ...payment, attempt: 1 }));
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

interface Attempt extends PayableAmount {
  attempt: number;
  tipNumber?: number;
}

async function createIntentFor(payment: Attempt): Promise<string | null> {
  return (await makeIntent(payment))?.clientSecret ?? null;
}

/** The intent of a payment's present attempt. Null where the attempt is over: the order ended, or the customer began anew. */
export async function makeIntent(payment: Attempt): Promise<ProviderRecord | null> {
  const { paymentId, attempt, orderId, amountMinor, currency, tipNumber = 0 } = payment;
  const bound = { paymentId, attempt, orderId, amountMinor, currency, isTip: isTip({ tipNumber }) };
  const record = await gateway.createIntent(bound);
  const { intentId, clientSecret } = record;
  const { matchedCount } = await PaymentModel.updateOne(
    { _id: paymentId, attempt, status: trusted({ $in: ['requires_payment', 'requires_action', 'authorized'] }) },
    { $set: { intentId, clientSecret } },
  );
  if (matchedCount === 1) return record;
  const present = await PaymentModel.findById(paymentId, { intentId: 1 }).lean();
  // Its own event was quicker: it is known, and perhaps being captured by now.
  if (present?.intentId === intentId) return record;
  // Nobody may pay this one any more.
  await gateway.cancelIntent(intentId);
  return null;
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

/** Asks the provider where the payment's intent stands, and makes it true. Unpaid is no news. */
export async function askProvider({ intentId }: PaymentRecord): Promise<void> {
  if (intentId === null) return;
  const record = await gateway.retrieveIntent(intentId);
  // A refused card stands in the record for good, and was told when it was refused.
  if (record.status !== 'requires_payment') await withTransaction((tx) => finalizePayment(tx, record));
}

/**
 * A payment that was closed without an intent may have one: the provider made it, and its answer was lost. Asked again under the same key
 * it is the same intent, which takes no money any more; one that is made only now takes none either.
 */
export async function discardLostIntent(payment: PaymentRecord): Promise<void> {
  const { _id, attempt, orderId, amountMinor, currency } = payment;
  const bound = { paymentId: _id, attempt, orderId, amountMinor, currency, isTip: isTip(payment) };
  const { intentId } = await gateway.createIntent(bound);
  await (isTip(payment) ? endLostTip(intentId) : discardIntent(_id, intentId));
  await PaymentModel.updateOne({ _id, status: 'expired', intentId: null }, { $set: { intentId } });
}

/** What a tip took after all is booked before it goes back: its finaliser does both, once, whoever else tells of it. */
async function endLostTip(intentId: string): Promise<void> {
  const record = await gateway.cancelIntent(intentId);
  await withTransaction((tx) => finalizePayment(tx, record));
}

/** Nobody pays or keeps money on an intent that was given up. Safe to repeat. */
export async function discardIntent(paymentId: string, intentId: string): Promise<void> {
  const { status } = await gateway.cancelIntent(intentId);
  if (status === 'voided') return;
  if (status !== 'captured') throw new Error(`the given-up intent ${intentId} is ${status}`);
  await gateway.refundDiscarded(intentId, paymentId);
}
