import { trusted } from 'mongoose';
import type { Tx } from '../../../infra/mongo/index.ts';
import { counter, logger } from '../../../infra/observability/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { now } from '../../../shared/clock.ts';
import { postToLedger } from '../../ledger/index.ts';
import { getOrderIn, recordPaymentEvent } from '../../orders/index.ts';
import { auditMoney, quarantine, type FinalizeResult } from '../move-payment.service.ts';
import type { ProviderDispute } from '../gateways/provider-record.ts';
import type { PaymentStatus } from '../payment.machine.ts';
import { isTip, PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { PAYMENT_UNSETTLED } from '../payments.events.ts';
import { replaceRefused } from '../refunds/replace-refused.service.ts';
import { DisputeModel, type DisputeRecord } from './dispute.model.ts';

const disputes = counter('quickbite_disputes_total', 'Chargebacks of the customers', ['status']);

/** The bank has the money. */
const TAKEN: DisputeRecord['status'][] = ['open', 'lost'];

/** A chargeback is recorded, whichever of its events comes first; its money is out of reach until it is won. */
export async function applyDispute(tx: Tx, told: ProviderDispute): Promise<FinalizeResult> {
  if (told.intentId === null) return quarantine('dispute', told);
  const payment = await PaymentModel.findOne({ intentId: told.intentId }).session(tx).lean();
  if (payment === null) return quarantine('dispute', told);
  if (payment.currency !== told.currency) return quarantine('currency', told);
  // A bank that only asks has taken nothing: it says so again when it does.
  if (told.status === 'inquiry') return 'unchanged';
  // Its capture is still to be heard of: the provider tells this again later.
  if (payment.amountCapturedMinor === 0) throw new Error(`payment ${payment._id} is disputed before it is captured`);
  const known = await DisputeModel.findById(told.disputeId).session(tx).lean();
  if (known === null) return open(tx, payment, told);
  return known.status === 'open' && told.status !== 'open' ? close(tx, payment, { known, told }) : 'unchanged';
}

async function open(tx: Tx, payment: PaymentRecord, told: ProviderDispute): Promise<FinalizeResult> {
  const { disputeId, amountMinor, reason } = told;
  const { _id: paymentId, orderId, currency } = payment;
  const heldMinor = Math.max(0, Math.min(amountMinor, atStake(payment)));
  const known: DisputeRecord = {
    ...{ _id: disputeId, paymentId, orderId, amountMinor, heldMinor, currency, reason },
    ...{ status: 'open', openedAt: now(), closedAt: null },
  };
  await DisputeModel.collection.insertOne(known as never, { session: tx });
  const disputed = await changePayment(tx, payment, { $inc: { disputedMinor: heldMinor }, status: 'disputed' });
  await tellOrder(tx, disputed, { type: 'payment.disputed', data: { disputeId, amountMinor, reason } });
  await auditMoney(tx, payment, { event: 'money.dispute_opened', status: 'disputed', disputeId, reason });
  await post(tx, payment, { sourceId: disputeId, amountMinor, heldMinor });
  disputes.inc({ status: 'open' });
  logger.error({ orderId, disputeId, amountMinor, reason }, 'a customer disputes a payment: operations must answer');
  return told.status === 'open' ? 'applied' : close(tx, disputed, { known, told });
}

/**
 * What a refund gives up, or gives back: it belongs to the disputes, as far as they reach, also where they are lost by now. At the
 * provider nothing moves: the bank has taken all of it before.
 */
export async function extendDispute(
  tx: Tx,
  payment: PaymentRecord,
  freed: { amountMinor: number; refundId: string },
): Promise<PaymentRecord> {
  if (freed.amountMinor === 0) return payment;
  const isTheirs = { paymentId: payment._id, status: trusted({ $in: TAKEN }) };
  const theirs = await DisputeModel.find(isTheirs).sort({ _id: 1 }).session(tx).lean();
  let current = payment;
  let leftMinor = freed.amountMinor;
  for (const { _id, amountMinor, heldMinor } of theirs) {
    const moreMinor = Math.min(amountMinor - heldMinor, leftMinor);
    if (moreMinor <= 0) continue;
    leftMinor -= moreMinor;
    await DisputeModel.updateOne({ _id }, { $inc: { heldMinor: moreMinor } }).session(tx);
    await post(tx, payment, { sourceId: `${_id}-${freed.refundId}`, amountMinor: 0, heldMinor: moreMinor });
    current = await changePayment(tx, payment, { $inc: { disputedMinor: moreMinor }, status: payment.status });
  }
  return current;
}

interface Closing {
  known: DisputeRecord;
  told: ProviderDispute;
}

/** Won: the money is back. Lost: it stays away, and what support may still give is the less by it. */
async function close(tx: Tx, payment: PaymentRecord, { known, told }: Closing): Promise<FinalizeResult> {
  const { _id: disputeId, amountMinor, heldMinor, orderId } = known;
  const isWon = told.status === 'won';
  const closing = { status: told.status, closedAt: now() };
  await DisputeModel.updateOne({ _id: disputeId }, { $set: closing }).session(tx);
  const current = await PaymentModel.findById(payment._id).session(tx).lean();
  const other = await DisputeModel.exists({ paymentId: payment._id, status: 'open' }).session(tx);
  const status = other === null ? statusAfter(current ?? payment) : 'disputed';
  const decided = await changePayment(tx, payment, { $inc: { disputedMinor: isWon ? -heldMinor : 0 }, status });
  await tellOrder(tx, decided, { type: 'payment.dispute_closed', data: { ...told } });
  await auditMoney(tx, payment, { event: 'money.dispute_closed', status, disputeId, outcome: told.status });
  if (isWon)
    await post(tx, payment, { sourceId: `${disputeId}-won`, amountMinor: -amountMinor, heldMinor: -heldMinor });
  // What an end of the order meanwhile was to give back, or could not.
  await replaceRefused(tx, payment);
  await appendOutbox(tx, [{ event: PAYMENT_UNSETTLED, payload: { orderId } }]);
  disputes.inc({ status: told.status });
  return 'applied';
}

function atStake({
  amountCapturedMinor,
  amountRefundedMinor,
  pendingRefundMinor,
  disputedMinor,
}: PaymentRecord): number {
  return amountCapturedMinor - amountRefundedMinor - pendingRefundMinor - disputedMinor;
}

function statusAfter({ amountCapturedMinor, amountRefundedMinor }: PaymentRecord): PaymentStatus {
  if (amountRefundedMinor === 0) return 'captured';
  return amountRefundedMinor < amountCapturedMinor ? 'partially_refunded' : 'refunded';
}

interface Change {
  $inc: { disputedMinor: number };
  status: PaymentStatus;
}

async function changePayment(tx: Tx, { _id }: PaymentRecord, { $inc, status }: Change): Promise<PaymentRecord> {
  const change = { $inc, $set: { status, updatedAt: now() } };
  const options = { session: tx, returnDocument: 'after' } as const;
  const changed = await PaymentModel.collection.findOneAndUpdate({ _id: _id as never }, change, options);
  if (changed === null) throw new Error(`payment ${_id} is gone`);
  return changed as unknown as PaymentRecord;
}

interface DisputeNews {
  type: 'payment.disputed' | 'payment.dispute_closed';
  data: Record<string, unknown>;
}

/** The bank's quarrel about a tip is none about the order. */
async function tellOrder(tx: Tx, payment: PaymentRecord, news: DisputeNews): Promise<void> {
  if (isTip(payment)) return;
  const { orderId, status: paymentStatus, disputedMinor } = payment;
  await recordPaymentEvent(tx, { orderId, ...news, paymentStatus, set: { disputedMinor } });
}

interface Taken {
  sourceId: string;
  /** What has moved at the provider: one movement of theirs, one posting of ours, whatever of it was ours to lose. */
  amountMinor: number;
  heldMinor: number;
}

/**
 * Ours to bear; of a tip the courier's, who has all of it: a stolen card must not become a payout. More than was left is ours again: the
 * refund that is on its way is lost, too.
 */
async function post(tx: Tx, payment: PaymentRecord, { sourceId, amountMinor, heldMinor }: Taken): Promise<void> {
  const { orderId, currency } = payment;
  const courierId = isTip(payment) ? (await getOrderIn(tx, orderId)).courierId : null;
  const theirsMinor = courierId === null ? 0 : heldMinor;
  await postToLedger(tx, {
    ...{ kind: 'dispute', sourceId, orderId, currency },
    lines: [
      { account: 'courier', ownerId: courierId, amountMinor: theirsMinor },
      { account: 'platform_costs', amountMinor: amountMinor - theirsMinor },
      { account: 'provider_clearing', amountMinor: -amountMinor },
    ],
  });
}
