import { AppError } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { money } from '../../../shared/money.ts';
import type { OrderRecord } from '../../orders/index.ts';
import type { LiableParty } from '../../../shared/liable-party.ts';
import { auditMoney } from '../move-payment.service.ts';
import { refundableOf } from '../next-step.ts';
import { PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { REFUND_APPROVED } from '../payments.events.ts';
import { RefundModel, type RefundCause, type RefundReason, type RefundRecord } from './refund.model.ts';

export interface NewRefund {
  order: Pick<OrderRecord, '_id' | 'customerId' | 'restaurantId' | 'courierId'>;
  paymentId: string;
  amountMinor: number;
  cause: RefundCause;
  reason: RefundReason;
  note?: string | undefined;
  lines?: RefundRecord['lines'];
  liableParty: LiableParty;
  /** The same thing is never refunded twice. */
  sourceId: string;
  requestedBy?: string;
}

/**
 * Promises a refund: reserves it of what was captured and writes its row; the job makes it at the provider. However many ask at once,
 * refunded, pending and disputed money together never exceed what was captured, since the reservation is one conditional update.
 * @throws AppError `refund_exceeds_captured`
 */
export async function requestRefund(tx: Tx, input: NewRefund): Promise<RefundRecord> {
  const { order, paymentId, amountMinor, cause, note = null, lines = [], requestedBy = null, ...given } = input;
  const payment = await reserve(tx, paymentId, { amountMinor, isSettlement: cause === 'settlement' });
  const at = now();
  const { customerId, restaurantId, courierId } = order;
  const refund: RefundRecord = {
    ...{ _id: newId(), paymentId, orderId: order._id, customerId, restaurantId, courierId },
    ...{ amountMinor, currency: payment.currency, status: 'approved', cause, note, lines, requestedBy },
    ...given,
    ...{ isReserved: true, providerRefundId: null, attempt: 1, failureCode: null, createdAt: at, updatedAt: at },
  };
  await RefundModel.collection.insertOne(refund as never, { session: tx });
  await appendOutbox(tx, [{ event: REFUND_APPROVED, payload: { refundId: refund._id } }]);
  await auditMoney(tx, payment, {
    ...{ event: 'money.refund_requested', status: payment.status, refundId: refund._id },
    ...{ refundMinor: amountMinor, cause, liableParty: refund.liableParty },
  });
  return refund;
}

interface Reservation {
  amountMinor: number;
  isSettlement: boolean;
}

/** @throws AppError `refund_exceeds_captured` with what could be refunded */
export async function reserve(
  tx: Tx,
  paymentId: string,
  { amountMinor, isSettlement }: Reservation,
): Promise<PaymentRecord> {
  const bound = ['$amountRefundedMinor', '$pendingRefundMinor', '$disputedMinor', amountMinor];
  const payment = (await PaymentModel.collection.findOneAndUpdate(
    {
      _id: paymentId as never,
      ...{ method: 'card', status: { $in: ['captured', 'partially_refunded'] } },
      $expr: { $lte: [{ $add: bound }, '$amountCapturedMinor'] },
    },
    {
      $inc: { pendingRefundMinor: amountMinor, settledRefundMinor: isSettlement ? amountMinor : 0 },
      $set: { updatedAt: now() },
    },
    { session: tx, returnDocument: 'after' },
  )) as PaymentRecord | null;
  if (payment !== null) return payment;
  const current = await PaymentModel.findById(paymentId).session(tx).lean();
  if (current === null) throw new AppError('not_found');
  const refundable = money(Math.max(0, refundableOf(current)), current.currency);
  throw new AppError('refund_exceeds_captured', { details: { refundable } });
}
