import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import type { SecurityEvent } from '../../shared/security-events.ts';
import { findOrder, markOrderPaid, recordPaymentEvent, TERMINAL_STATUSES } from '../orders/index.ts';
import type { ProviderRecord, ProviderStatus } from './gateways/provider-record.ts';
import { paymentSourcesOf, type PaymentStatus } from './payment.machine.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';

export type FinalizeResult = 'applied' | 'unchanged' | 'quarantined';

const mismatches = counter('quickbite_reconciliation_mismatches_total', 'Provider records that do not fit ours', [
  'field',
]);

/**
 * The one place where money becomes true: binds a record of the provider to our payment by payment id, order, amount and currency,
 * and moves payment and order by what it says. Older records change nothing, since each move is conditional on where we stand.
 * @returns `quarantined` for a record that does not fit: nothing is changed, an alarm is raised
 */
export async function finalizePayment(tx: Tx, record: ProviderRecord): Promise<FinalizeResult> {
  const payment = await PaymentModel.findById(record.paymentId ?? '')
    .session(tx)
    .lean();
  if (payment === null) return quarantine(record, 'payment');
  const mismatch = findMismatch(payment, record);
  if (mismatch !== null) return quarantine(record, mismatch);
  return APPLY[record.status](tx, payment, record);
}

type Apply = (tx: Tx, payment: PaymentRecord, record: ProviderRecord) => Promise<FinalizeResult>;

const APPLY: Record<ProviderStatus, Apply> = {
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
  return fitsInFull(payment, record) ? null : 'sum';
}

/** We hold and take the whole amount, or nothing. */
function fitsInFull({ amountMinor }: PaymentRecord, record: ProviderRecord): boolean {
  const { status, amountCapturableMinor, amountCapturedMinor } = record;
  if (status === 'captured') return amountCapturedMinor === amountMinor;
  return amountCapturedMinor === 0 && (status !== 'authorized' || amountCapturableMinor === amountMinor);
}

function quarantine(record: ProviderRecord, field: string): 'quarantined' {
  mismatches.inc({ field });
  logger.error(
    { field, intentId: record.intentId, paymentId: record.paymentId, orderId: record.orderId },
    'a record of the payment provider does not fit ours; nothing was changed',
  );
  return 'quarantined';
}

async function applyAuthorized(tx: Tx, payment: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const set = { intentId: record.intentId, failureCode: null };
  if (!(await movePayment(payment, { to: 'authorized', set }, tx))) return 'unchanged';
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.authorized', paymentStatus: 'authorized' });
  await auditMoney(tx, payment, { event: 'money.payment_authorized', status: 'authorized' });
  await placeOrRelease(tx, payment);
  return 'applied';
}

async function applyCaptured(tx: Tx, payment: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const set = { intentId: record.intentId, amountCapturedMinor: record.amountCapturedMinor, failureCode: null };
  if (!(await movePayment(payment, { to: 'captured', set }, tx))) return 'unchanged';
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.captured', paymentStatus: 'captured' });
  await auditMoney(tx, payment, { event: 'money.payment_captured', status: 'captured' });
  await placeOrRelease(tx, payment);
  return 'applied';
}

/** O3; or, where the order has ended without food, the money goes back: an ended order is never revived. */
async function placeOrRelease(tx: Tx, payment: PaymentRecord): Promise<void> {
  if ((await markOrderPaid(tx, payment.orderId)) !== null) return;
  const order = await findOrder(payment.orderId);
  const hasEnded = order !== null && TERMINAL_STATUSES.includes(order.status);
  if (!hasEnded || order.status === 'delivered' || order.status === 'collected') return;
  await appendOutbox(tx, [{ event: 'payment.late_success', payload: { orderId: payment.orderId } }]);
}

async function applyVoided(tx: Tx, payment: PaymentRecord): Promise<FinalizeResult> {
  if (!(await movePayment(payment, { to: 'voided' }, tx))) return 'unchanged';
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.voided', paymentStatus: 'voided' });
  await auditMoney(tx, payment, { event: 'money.payment_voided', status: 'voided' });
  return 'applied';
}

async function applyRequiresAction(tx: Tx, payment: PaymentRecord): Promise<FinalizeResult> {
  return (await movePayment(payment, { to: 'requires_action' }, tx)) ? 'applied' : 'unchanged';
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

interface MoneyChange {
  event: Extract<SecurityEvent, `money.payment_${string}`>;
  status: PaymentStatus;
  failureCode?: string;
}

/** What happened to money stands in the audit, too, in the transaction in which it became true. */
export async function auditMoney(tx: Tx, payment: PaymentRecord, { event, ...after }: MoneyChange): Promise<void> {
  const { _id: subjectId, orderId, amountMinor, currency, status } = payment;
  await recordAudit(tx, { event, subjectId, before: { status }, after: { ...after, orderId, amountMinor, currency } });
}

interface PaymentMove {
  to: PaymentStatus;
  set?: Partial<PaymentRecord>;
}

/** A conditional update on the machine's sources; false where the payment stands elsewhere. */
export async function movePayment(
  payment: Pick<PaymentRecord, '_id'>,
  { to, set }: PaymentMove,
  tx: Tx | null = null,
): Promise<boolean> {
  const { modifiedCount } = await PaymentModel.updateOne(
    { _id: payment._id, status: trusted({ $in: paymentSourcesOf(to) }) },
    { $set: { ...set, status: to, updatedAt: now() } },
  ).session(tx);
  return modifiedCount === 1;
}
