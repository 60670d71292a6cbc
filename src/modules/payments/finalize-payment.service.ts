import { config } from '../../config/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../infra/timers/index.ts';
import { now, secondsFromNow } from '../../shared/clock.ts';
import { findOrder, markOrderPaid, recordPaymentEvent, type OrderRecord } from '../orders/index.ts';
import type { ProviderRecord, ProviderStatus } from './gateways/provider-record.ts';
import { nextStep } from './next-step.ts';
import {
  auditMoney,
  movePayment,
  postCapture,
  quarantine,
  type Apply,
  type FinalizeResult,
} from './move-payment.service.ts';
import { isTip, PaymentModel, type PaymentRecord } from './payment.model.ts';
import { HOLD_TIMER, INTENT_GIVEN_UP, PAY_AGAIN_TIMER, PAYMENT_UNSETTLED } from './payments.events.ts';
import { TIP_APPLY } from './tips/finalize-tip.service.ts';

/**
 * The one place where money becomes true: binds a record of the provider to our payment by payment id, order, amount and currency,
 * and moves payment and order by what it says. Older records change nothing, since each move is conditional on where we stand.
 * @returns `quarantined` for a record that does not fit: nothing is changed, an alarm is raised
 */
export async function finalizePayment(tx: Tx, record: ProviderRecord): Promise<FinalizeResult> {
  const payment = await PaymentModel.findById(record.paymentId ?? '')
    .session(tx)
    .lean();
  if (payment === null) return quarantine('payment', record);
  if (payment.pastIntentIds.includes(record.intentId)) return discardAgain(tx, payment, record);
  const mismatch = findMismatch(payment, record);
  if (mismatch !== null) return quarantine(mismatch, record);
  // Closed here before the intent was known: nobody holds or takes money on it.
  if (payment.status === 'expired' && !isTip(payment)) return discardAgain(tx, payment, record);
  // Captured long ago, which an intent goes on to say while the bank has the money.
  if (payment.status === 'disputed') return 'unchanged';
  const apply = isTip(payment) ? TIP_APPLY : APPLY;
  return apply[record.status](tx, payment, record);
}

const APPLY: Readonly<Record<ProviderStatus, Apply>> = {
  requires_payment: applyDeclined,
  requires_action: applyRequiresAction,
  authorized: applyAuthorized,
  captured: applyCaptured,
  voided: applyVoided,
};

function findMismatch(payment: PaymentRecord, record: ProviderRecord): string | null {
  if (payment.orderId !== record.orderId) return 'order';
  if (payment.amountMinor !== record.amountMinor) return 'amount';
  if (payment.currency !== record.currency) return 'currency';
  if (payment.intentId !== null && payment.intentId !== record.intentId) return 'intent';
  if (record.isLive !== config.payments.isLive) return 'mode';
  return fits(payment, record) ? null : 'sum';
}

/** We hold the whole amount or nothing, and take what we asked for. */
function fits({ amountMinor, captureMinor }: PaymentRecord, record: ProviderRecord): boolean {
  const { status, amountCapturableMinor, amountCapturedMinor } = record;
  if (status === 'captured') return amountCapturedMinor === (captureMinor ?? amountMinor);
  return amountCapturedMinor === 0 && (status !== 'authorized' || amountCapturableMinor === amountMinor);
}

/** Money on an intent that was given up goes back, whatever happened meanwhile. */
async function discardAgain(
  tx: Tx,
  { _id: paymentId }: PaymentRecord,
  { intentId, status }: ProviderRecord,
): Promise<FinalizeResult> {
  if (status === 'voided') return 'unchanged';
  await appendOutbox(tx, [{ event: INTENT_GIVEN_UP, payload: { paymentId, intentId } }]);
  return 'applied';
}

async function applyAuthorized(tx: Tx, payment: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const set = { intentId: record.intentId, failureCode: null, renewalCardId: null };
  if (!(await movePayment(payment, { to: 'authorized', set }, tx))) return 'unchanged';
  const { orderId } = payment;
  await recordPaymentEvent(tx, {
    ...{ orderId, type: 'payment.authorized', paymentStatus: 'authorized' },
    set: { payAgainUntil: null },
  });
  await auditMoney(tx, payment, { event: 'money.payment_authorized', status: 'authorized' });
  await cancelTimers(tx, orderId, [PAY_AGAIN_TIMER]);
  const dueAt = secondsFromNow(config.orders.holdWatchSeconds);
  await scheduleTimer(tx, { kind: HOLD_TIMER, subjectId: orderId, dueAt });
  await placeOrSettle(tx, { ...payment, status: 'authorized' });
  return 'applied';
}

async function applyCaptured(tx: Tx, payment: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const { amountCapturedMinor, intentId } = record;
  const captureMinor = amountCapturedMinor;
  const set = { intentId, amountCapturedMinor, captureMinor, failureCode: null };
  if (!(await movePayment(payment, { to: 'captured', set }, tx))) return 'unchanged';
  const { orderId } = payment;
  await recordPaymentEvent(tx, {
    ...{ orderId, type: 'payment.captured', paymentStatus: 'captured', data: { amountMinor: amountCapturedMinor } },
    set: { payAgainUntil: null },
  });
  await auditMoney(tx, payment, { event: 'money.payment_captured', status: 'captured', amountCapturedMinor });
  await postCapture(tx, payment, amountCapturedMinor);
  await cancelTimers(tx, orderId, [PAY_AGAIN_TIMER, HOLD_TIMER]);
  await placeOrSettle(tx, { ...payment, ...set, status: 'captured' });
  return 'applied';
}

/** O3; or, where the order has gone on or ended without it, the money follows: an ended order is never revived. */
async function placeOrSettle(tx: Tx, payment: PaymentRecord): Promise<void> {
  if ((await markOrderPaid(tx, payment.orderId)) !== null) return;
  await promiseSettlement(tx, await findOrder(payment.orderId), payment);
}

async function promiseSettlement(tx: Tx, order: OrderRecord | null, payment: PaymentRecord): Promise<void> {
  if (order === null || nextStep(order, payment) === null) return;
  await appendOutbox(tx, [{ event: PAYMENT_UNSETTLED, payload: { orderId: order._id } }]);
}

async function applyVoided(tx: Tx, payment: PaymentRecord): Promise<FinalizeResult> {
  if (!(await movePayment(payment, { to: 'voided' }, tx))) return 'unchanged';
  const { orderId } = payment;
  await recordPaymentEvent(tx, { orderId, type: 'payment.voided', paymentStatus: 'voided' });
  await auditMoney(tx, payment, { event: 'money.payment_voided', status: 'voided' });
  await cancelTimers(tx, orderId, [HOLD_TIMER]);
  await promiseSettlement(tx, await findOrder(orderId), { ...payment, status: 'voided' });
  return 'applied';
}

/** The bank asks the customer: the front end must show its question. */
async function applyRequiresAction(tx: Tx, payment: PaymentRecord): Promise<FinalizeResult> {
  if (!(await movePayment(payment, { to: 'requires_action' }, tx))) return 'unchanged';
  const { orderId } = payment;
  await recordPaymentEvent(tx, { orderId, type: 'payment.requires_action', paymentStatus: 'requires_action' });
  return 'applied';
}

/** The card was refused: the customer may try another until T1. */
async function applyDeclined(tx: Tx, payment: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const { failureCode } = record;
  const isWaiting = payment.status === 'requires_payment' || payment.status === 'requires_action';
  if (failureCode === null || !isWaiting) return 'unchanged';
  const set = { status: 'requires_payment' as const, failureCode, updatedAt: now() };
  await PaymentModel.updateOne({ _id: payment._id, status: payment.status }, { $set: set }).session(tx);
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.failed', paymentStatus: 'requires_payment' });
  await auditMoney(tx, payment, { event: 'money.payment_failed', status: set.status, failureCode });
  return 'applied';
}
