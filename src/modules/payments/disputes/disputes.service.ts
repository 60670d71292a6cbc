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
  await changePayment(tx, payment, { $inc: { disputedMinor: heldMinor }, status: 'disputed' });
  await tellOrder(tx, payment, { paymentStatus: 'disputed', data: { disputeId, amountMinor, reason } });
  await auditMoney(tx, payment, { event: 'money.dispute_opened', status: 'disputed', disputeId, reason });
  await post(tx, payment, { sourceId: disputeId, amountMinor: heldMinor });
  disputes.inc({ status: 'open' });
  logger.error({ orderId, disputeId, amountMinor, reason }, 'a customer disputes a payment: operations must answer');
  return told.status === 'open' ? 'applied' : close(tx, { ...payment, status: 'disputed' }, { known, told });
}

/** What a refund gives up since the bank was faster: it belongs to the dispute, as far as that reaches, also where it is lost by now. */
export async function extendDispute(
  tx: Tx,
  payment: PaymentRecord,
  freed: { amountMinor: number; refundId: string },
): Promise<void> {
  const isTheirs = { paymentId: payment._id, status: trusted({ $in: TAKEN }) };
  const theirs = await DisputeModel.find(isTheirs).session(tx).lean();
  const dispute = theirs.find(({ amountMinor, heldMinor }) => amountMinor > heldMinor);
  if (dispute === undefined) return;
  const { _id, amountMinor, heldMinor } = dispute;
  const moreMinor = Math.min(amountMinor - heldMinor, freed.amountMinor);
  if (moreMinor <= 0) return;
  await DisputeModel.updateOne({ _id }, { $inc: { heldMinor: moreMinor } }).session(tx);
  await changePayment(tx, payment, { $inc: { disputedMinor: moreMinor }, status: payment.status });
  await post(tx, payment, { sourceId: `${_id}-${freed.refundId}`, amountMinor: moreMinor });
}

interface Closing {
  known: DisputeRecord;
  told: ProviderDispute;
}

/** Won: the money is back. Lost: it stays away, and what support may still give is the less by it. */
async function close(tx: Tx, payment: PaymentRecord, { known, told }: Closing): Promise<FinalizeResult> {
  const { _id: disputeId, heldMinor, orderId } = known;
  const isWon = told.status === 'won';
  const closing = { status: told.status, closedAt: now() };
  await DisputeModel.updateOne({ _id: disputeId }, { $set: closing }).session(tx);
  const current = await PaymentModel.findById(payment._id).session(tx).lean();
  const other = await DisputeModel.exists({ paymentId: payment._id, status: 'open' }).session(tx);
  const status = other === null ? statusAfter(current ?? payment) : 'disputed';
  await changePayment(tx, payment, { $inc: { disputedMinor: isWon ? -heldMinor : 0 }, status });
  await tellOrder(tx, payment, { paymentStatus: status, data: { ...told } });
  await auditMoney(tx, payment, { event: 'money.dispute_closed', status, disputeId, outcome: told.status });
  if (isWon) await post(tx, payment, { sourceId: `${disputeId}-won`, amountMinor: -heldMinor });
  // What an end of the order meanwhile was to give back.
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

async function changePayment(tx: Tx, { _id }: PaymentRecord, { $inc, status }: Change): Promise<void> {
  const change = { $inc, $set: { status, updatedAt: now() } };
  await PaymentModel.collection.updateOne({ _id: _id as never }, change, { session: tx });
}

interface DisputeNews {
  paymentStatus: PaymentStatus;
  data: Record<string, unknown>;
}

/** The bank's quarrel about a tip is none about the order. */
async function tellOrder(tx: Tx, payment: PaymentRecord, news: DisputeNews): Promise<void> {
  if (isTip(payment)) return;
  await recordPaymentEvent(tx, { orderId: payment.orderId, type: 'payment.disputed', ...news });
}

/** Ours to bear; of a tip the courier's, who has all of it: a stolen card must not become a payout. */
async function post(tx: Tx, payment: PaymentRecord, of: { sourceId: string; amountMinor: number }): Promise<void> {
  const { orderId, currency } = payment;
  const courierId = isTip(payment) ? (await getOrderIn(tx, orderId)).courierId : null;
  await postToLedger(tx, {
    ...{ kind: 'dispute', sourceId: of.sourceId, orderId, currency },
    lines: [
      { account: courierId === null ? 'platform_costs' : 'courier', ownerId: courierId, amountMinor: of.amountMinor },
      { account: 'provider_clearing', amountMinor: -of.amountMinor },
    ],
  });
}
