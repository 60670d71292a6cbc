import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { counter, reportError } from '../../../infra/observability/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { now } from '../../../shared/clock.ts';
import { chargeRefund, postToLedger } from '../../ledger/index.ts';
import { findOrder, recordPaymentEvent } from '../../orders/index.ts';
import { extendDispute } from '../disputes/disputes.service.ts';
import { auditMoney, quarantine, type FinalizeResult } from '../move-payment.service.ts';
import type { ProviderRefund } from '../gateways/provider-record.ts';
import { isRefusal } from '../gateways/stripe-client.ts';
import * as gateway from '../gateways/stripe.ts';
import { refundableOf } from '../next-step.ts';
import type { PaymentStatus } from '../payment.machine.ts';
import { isTip, PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { PAYMENT_UNSETTLED } from '../payments.events.ts';
import { tellTip } from '../tips/tell-tip.service.ts';
import { RefundModel, type RefundRecord } from './refund.model.ts';
import { replaceRefused } from './replace-refused.service.ts';

const failures = counter('quickbite_refunds_failed_total', 'Refunds that a human must look at', ['code']);

/** The provider never said what became of it: it may have been made. */
const SILENT = 'provider_silent';

/**
 * Makes a promised refund at the provider. Idempotent: the provider keeps it under the refund's id, and what it lists counts.
 * @throws while the provider is silent: the job comes again, and after the last time the refund is failed and an alarm raised
 */
export async function makeRefund(refundId: string, { isLastTry = false } = {}): Promise<void> {
  const refund = await RefundModel.findById(refundId).lean();
  if (refund === null || !['approved', 'processing'].includes(refund.status)) return;
  const begun = { status: 'processing', updatedAt: now() } as const;
  await RefundModel.updateOne({ _id: refundId, status: 'approved' }, { $set: begun });
  try {
    const made = await askForRefund(refund);
    await withTransaction((tx) => applyRefund(tx, made));
  } catch (error) {
    const code = codeOf(error);
    if (code !== SILENT || isLastTry) {
      await withTransaction((tx) => failRefund(tx, { ...refund, status: 'processing' }, { code }));
    }
    if (code === SILENT) throw error;
  }
}

/** A refusal is an answer; everything else is silence. */
function codeOf(error: unknown): string {
  return isRefusal(error) ? (error.code ?? 'refused') : SILENT;
}

async function askForRefund({ _id: refundId, paymentId, attempt, amountMinor }: RefundRecord): Promise<ProviderRefund> {
  const payment = await PaymentModel.findById(paymentId).lean();
  if (payment?.intentId == null) throw new Error(`refund ${refundId} has no payment to give back`);
  return gateway.createRefund({ refundId, attempt, amountMinor, intentId: payment.intentId });
}

/** What the provider says of a refund becomes true here, whether it was asked or told us. */
export async function applyRefund(tx: Tx, told: ProviderRefund): Promise<FinalizeResult> {
  const refund = await RefundModel.findById(told.refundId ?? '')
    .session(tx)
    .lean();
  if (refund === null) return quarantine('refund', told);
  if (refund.amountMinor !== told.amountMinor) return quarantine('refund_amount', told);
  if (refund.currency !== told.currency) return quarantine('currency', told);
  // Of an earlier making: it failed, and was made anew.
  if (refund.attempt !== told.attempt) return 'unchanged';
  if (told.status === 'succeeded') return succeed(tx, refund, told);
  if (told.status === 'failed') return failRefund(tx, refund, { code: told.failureCode ?? 'failed', hasMoved: true });
  const { modifiedCount } = await RefundModel.updateOne(
    { _id: refund._id, providerRefundId: null },
    { $set: { providerRefundId: told.providerRefundId, updatedAt: now() } },
  ).session(tx);
  return modifiedCount === 1 ? 'applied' : 'unchanged';
}

async function succeed(tx: Tx, refund: RefundRecord, { providerRefundId }: ProviderRefund): Promise<FinalizeResult> {
  const { _id, amountMinor } = refund;
  if (refund.status === 'succeeded' || !refund.isReserved) return 'unchanged';
  const { modifiedCount } = await RefundModel.updateOne(
    { _id, status: refund.status, isReserved: true },
    { $set: { status: 'succeeded', isReserved: false, providerRefundId, failureCode: null, updatedAt: now() } },
  ).session(tx);
  if (modifiedCount === 0) return 'unchanged';
  const payment = await moveMoney(tx, refund, { pendingRefundMinor: -amountMinor, amountRefundedMinor: amountMinor });
  await tellRefund(tx, refund, payment);
  await postRefund(tx, refund, { sign: 1, sourceId: _id });
  return 'applied';
}

interface Failing {
  code: string;
  /** The provider had begun: it lists the refund, and its failure. */
  hasMoved?: boolean;
}

/**
 * Whatever will never be given back is free to be promised again; a refund of which nobody knows stays reserved. Also for one that
 * had succeeded: a bank may send the money back days later.
 */
async function failRefund(tx: Tx, refund: RefundRecord, failed: Failing): Promise<FinalizeResult> {
  const { _id, amountMinor, status } = refund;
  const { code: failureCode } = failed;
  const isReserved = failureCode === SILENT && refund.isReserved;
  if (status === 'failed' && refund.isReserved === isReserved) return 'unchanged';
  const { modifiedCount } = await RefundModel.updateOne(
    { _id, status, isReserved: refund.isReserved },
    { $set: { status: 'failed', isReserved, failureCode, updatedAt: now() } },
  ).session(tx);
  if (modifiedCount === 0) return 'unchanged';
  const wasMade = status === 'succeeded';
  const released = refund.isReserved && !isReserved ? amountMinor : 0;
  const freed = await moveMoney(tx, refund, {
    ...{ pendingRefundMinor: -released, amountRefundedMinor: wasMade ? -amountMinor : 0 },
  });
  const back = { amountMinor: wasMade ? amountMinor : released, refundId: _id };
  const payment = await extendDispute(tx, freed, back);
  if (isBeyondReach(refund, payment)) await replaceRefused(tx, payment);
  await postFailure(tx, refund, failed);
  await tellFailure(tx, refund, { payment, failureCode });
  return 'applied';
}

/** The money came back: to them and from them are two movements, also where nobody heard of the first before the second. */
async function postFailure(tx: Tx, refund: RefundRecord, { hasMoved = false }: Failing): Promise<void> {
  const { _id, attempt, status } = refund;
  if (status !== 'succeeded' && !hasMoved) return;
  if (status !== 'succeeded') await postRefund(tx, refund, { sign: 1, sourceId: _id });
  await postRefund(tx, refund, { sign: -1, sourceId: `${_id}-failed-${attempt}` });
}

/** A lost dispute has left less than this: it can never be made, and what is left can be. An open one decides about it when it ends. */
function isBeyondReach({ amountMinor }: RefundRecord, payment: PaymentRecord): boolean {
  return payment.disputedMinor > 0 && payment.status !== 'disputed' && amountMinor > refundableOf(payment);
}

interface Change {
  pendingRefundMinor: number;
  amountRefundedMinor: number;
}

async function moveMoney(tx: Tx, { paymentId }: RefundRecord, $inc: Change): Promise<PaymentRecord> {
  const filter = { _id: paymentId as never };
  const payment = (await PaymentModel.collection.findOneAndUpdate(
    filter,
    { $inc: { ...$inc } },
    { session: tx, returnDocument: 'after' },
  )) as PaymentRecord | null;
  if (payment === null) throw new Error(`payment ${paymentId} is gone`);
  const status = statusAfter(payment);
  await PaymentModel.collection.updateOne(filter, { $set: { status, updatedAt: now() } }, { session: tx });
  // What an order that has ended is still to give back depends on it.
  await appendOutbox(tx, [{ event: PAYMENT_UNSETTLED, payload: { orderId: payment.orderId } }]);
  return { ...payment, status };
}

/** Where refunds leave a payment; a dispute outlasts them. */
function statusAfter({ status, amountCapturedMinor, amountRefundedMinor }: PaymentRecord): PaymentStatus {
  if (status === 'disputed') return status;
  if (amountRefundedMinor === 0) return 'captured';
  return amountRefundedMinor < amountCapturedMinor ? 'partially_refunded' : 'refunded';
}

async function tellRefund(tx: Tx, refund: RefundRecord, payment: PaymentRecord): Promise<void> {
  const { _id: refundId, orderId, amountMinor, cause, reason, liableParty } = refund;
  const { status: paymentStatus, amountRefundedMinor } = payment;
  if (isTip(payment)) await tellTip(tx, payment, { type: 'order.tip_refunded', amountMinor });
  else
    await recordPaymentEvent(tx, {
      ...{ orderId, type: 'payment.refunded', paymentStatus },
      set: { amountRefundedMinor, refundedByHandMinor: await givenByHand(tx, payment) },
      data: { refundId, amountMinor, cause, reason, liableParty },
    });
  const audited = { event: 'money.payment_refunded', status: paymentStatus, refundId } as const;
  await auditMoney(tx, payment, { ...audited, refundMinor: amountMinor });
}

/** Beside what follows from the order's worth. */
async function givenByHand(tx: Tx, { _id: paymentId }: PaymentRecord): Promise<number> {
  const made = await RefundModel.find({ paymentId, status: 'succeeded', cause: 'support' }).session(tx).lean();
  return made.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

interface Failure {
  payment: PaymentRecord;
  failureCode: string;
}

async function tellFailure(tx: Tx, refund: RefundRecord, { payment, failureCode }: Failure): Promise<void> {
  const { _id: refundId, orderId, amountMinor } = refund;
  const { status: paymentStatus, amountRefundedMinor, disputedMinor } = payment;
  if (!isTip(payment)) {
    await recordPaymentEvent(tx, {
      ...{ orderId, type: 'payment.refund_failed', paymentStatus },
      set: { amountRefundedMinor, disputedMinor, refundedByHandMinor: await givenByHand(tx, payment) },
      data: { refundId, amountMinor },
    });
    // The courier has it again only where it had gone.
  } else if (refund.status === 'succeeded') await tellTip(tx, payment, { type: 'order.tipped', amountMinor });
  await auditMoney(tx, payment, { event: 'money.refund_failed', status: paymentStatus, refundId, failureCode });
  failures.inc({ code: failureCode === SILENT ? SILENT : 'refused' });
  reportError(new Error(`refund ${refundId} failed: ${failureCode}`), { where: 'makeRefund', info: { orderId } });
}

/** The books: the provider's money goes back to the customer; and what support gave is borne by who is liable. */
async function postRefund(
  tx: Tx,
  refund: RefundRecord,
  { sign, sourceId }: { sign: 1 | -1; sourceId: string },
): Promise<void> {
  const { orderId, customerId, currency, liableParty, returnedMinor = 0 } = refund;
  const amountMinor = sign * refund.amountMinor;
  const posting = { sourceId: sourceOf(refund, sourceId), orderId, currency };
  await postToLedger(tx, {
    ...{ kind: 'refund', ...posting },
    lines: [
      { account: 'customer', ownerId: customerId, amountMinor },
      { account: 'provider_clearing', amountMinor: -amountMinor },
    ],
  });
  const order = refund.cause === 'support' ? await findOrder(orderId) : null;
  if (order === null) return;
  const chargedMinor = amountMinor - sign * returnedMinor;
  await chargeRefund(tx, { refundId: posting.sourceId, order, amountMinor: chargedMinor, liableParty });
}

/** A refund that was made anew is posted anew. */
function sourceOf({ attempt }: RefundRecord, sourceId: string): string {
  return attempt === 1 || sourceId.includes('-failed-') ? sourceId : `${sourceId}-${attempt}`;
}
