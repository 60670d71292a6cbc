import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { findOrder, recordPaymentEvent, type OrderRecord } from '../orders/index.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import * as gateway from './gateways/stripe.ts';
import { auditMoney, movePayment } from './move-payment.service.ts';
import { nextStep, type MoneyStep } from './next-step.ts';
import { flagProblem } from './payment-problem.service.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';
import { getPaymentOf } from './payments.service.ts';
import { RefundModel } from './refunds/refund.model.ts';
import { requestRefund } from './refunds/request-refund.service.ts';
import { creditLostDispute, returnCharges } from './refunds/return-charges.service.ts';

/** Void, then nothing; capture, then refund: two steps suffice, and the third finds nothing to do. */
const MOST_STEPS = 4;

interface SettleOptions {
  /** No retry follows: a capture that stays without an answer is a problem of the order. */
  isLastTry?: boolean;
}

/**
 * Makes the money what the order is worth (`amountDueMinor`): frees, takes, takes in part, gives back. Safe to repeat, in any order
 * and at once: each step is conditional here and has its key at the provider.
 * @throws while the provider is silent: the job comes again
 */
export async function settlePayment(orderId: string, { isLastTry = false }: SettleOptions = {}): Promise<void> {
  for (let count = 0; count < MOST_STEPS; count += 1) {
    if (await isAtRest(orderId, isLastTry)) return;
  }
  // A retry, and in the end a human, must look at money that does not come to rest.
  throw new Error(`the payment of order ${orderId} is not settled`);
}

/** Takes one step, if there is one to take. */
async function isAtRest(orderId: string, isLastTry: boolean): Promise<boolean> {
  const [order, payment] = await Promise.all([findOrder(orderId), getPaymentOf(orderId)]);
  if (order === null) return true;
  const step = nextStep(order, payment);
  if (step === null) {
    await settleCash(order, payment);
    await returnCharges(order, payment);
    await creditLostDispute(order, payment);
    return true;
  }
  try {
    await take(step, order, payment);
  } catch (error) {
    if (isLastTry && step.kind === 'capture') await flagProblem(payment);
    throw error;
  }
  return step.kind === 'problem';
}

function take(step: MoneyStep, order: OrderRecord, payment: PaymentRecord): Promise<void> {
  switch (step.kind) {
    case 'close':
      return closeUnopened(payment);
    case 'void':
      return voidHold(payment);
    case 'capture':
      return capture(payment, step.amountMinor);
    case 'refund':
      return giveBack(order);
    case 'problem':
      return flagProblem(payment);
  }
}

/** Conditional on the missing intent: one that is being created meanwhile is cancelled by its creator, or found by the next step. */
async function closeUnopened(payment: PaymentRecord): Promise<void> {
  const { _id } = payment;
  await withTransaction(async (tx) => {
    const { modifiedCount } = await PaymentModel.updateOne(
      { _id, intentId: null, status: payment.status },
      { $set: { status: 'expired', updatedAt: now() } },
    ).session(tx);
    if (modifiedCount === 1) await tellVoided(tx, payment, 'expired');
  });
}

async function tellVoided(tx: Tx, payment: PaymentRecord, status: 'expired' | 'voided'): Promise<void> {
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.voided', paymentStatus: status });
  await auditMoney(tx, payment, { event: 'money.payment_voided', status });
}

async function voidHold(payment: PaymentRecord): Promise<void> {
  if (payment.intentId === null) throw new Error(`payment ${payment._id} has no intent to free`);
  await movePayment(payment, { to: 'voiding' });
  const record = await gateway.cancelIntent(payment.intentId);
  await withTransaction((tx) => finalizePayment(tx, record));
  if (record.status !== 'voided' && record.status !== 'captured')
    throw new Error(`payment ${payment._id} is ${record.status} after its release`);
}

async function capture(payment: PaymentRecord, amountMinor: number): Promise<void> {
  const { _id: paymentId, attempt, intentId } = payment;
  if (intentId === null) throw new Error(`payment ${paymentId} has no intent to capture`);
  if (payment.status === 'authorized' && !(await beginCapture(payment, amountMinor))) return;
  const taken = await gateway.captureIntent(intentId, { paymentId, attempt, amountMinor });
  const isAnswer = taken.status === 'captured' || taken.status === 'voided';
  // Refused for good: a hold that cannot be used is freed, and what the provider says of that is what is true.
  const record = isAnswer ? taken : await gateway.cancelIntent(intentId);
  const result = await withTransaction((tx) => finalizePayment(tx, record));
  if (record.status !== 'captured') await flagProblem(payment);
  if (result === 'quarantined') throw new Error(`the capture of payment ${paymentId} does not fit`);
}

/** What is asked for is fixed with the first asking. False where somebody was faster: the next round sees it. */
function beginCapture(payment: PaymentRecord, captureMinor: number): Promise<boolean> {
  return movePayment(payment, { to: 'capturing', set: { captureMinor } });
}

/** Decided anew inside the transaction: what another refund, or the customer's bank, has taken meanwhile is not there any more. */
async function giveBack(order: OrderRecord): Promise<void> {
  await withTransaction(async (tx) => {
    const payment = await getPaymentOf(order._id, tx);
    const step = nextStep(order, payment);
    if (step?.kind !== 'refund') return;
    await requestRefund(tx, {
      ...{ order, paymentId: payment._id, amountMinor: step.amountMinor, cause: 'settlement' },
      reason: order.endedAt === null ? 'amended' : 'order_ended',
      liableParty: order.liableParty ?? 'platform',
      sourceId: `settlement-${(await countSettlements(tx, payment)) + 1}`,
    });
  });
}

function countSettlements(tx: Tx, { _id: paymentId }: PaymentRecord): Promise<number> {
  return RefundModel.collection.countDocuments({ paymentId, cause: 'settlement' }, { session: tx });
}

/** Cash that nobody will collect any more. */
async function settleCash(order: OrderRecord, payment: PaymentRecord): Promise<void> {
  if (payment.status !== 'cod_due' || order.endedAt === null || order.amountDueMinor > 0) return;
  await withTransaction(async (tx) => {
    if (await movePayment(payment, { to: 'voided' }, tx)) await tellVoided(tx, payment, 'voided');
  });
}
