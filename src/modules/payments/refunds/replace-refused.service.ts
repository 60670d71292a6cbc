import { trusted } from 'mongoose';
import type { Tx } from '../../../infra/mongo/index.ts';
import { isTip, PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { RefundModel } from './refund.model.ts';

/**
 * Refunds that an order's worth asked for, and that the provider refused since the bank disputes the charge: they count no more, so that
 * the next settlement asks for what is left to give by now.
 */
export async function replaceRefused(tx: Tx, payment: Pick<PaymentRecord, '_id' | 'tipNumber'>): Promise<void> {
  const { _id: paymentId } = payment;
  // No order's worth is behind the refund of a tip.
  if (isTip(payment)) return;
  const refused = await RefundModel.find({
    ...{ paymentId, cause: 'settlement', status: 'failed', isReserved: false, failureCode: 'charge_disputed' },
    isReplaced: trusted({ $exists: false }),
  })
    .session(tx)
    .lean();
  const ids = refused.map(({ _id }) => _id);
  await RefundModel.updateMany({ _id: trusted({ $in: ids }) }, { $set: { isReplaced: true } }).session(tx);
  const settledRefundMinor = -refused.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  await PaymentModel.updateOne({ _id: paymentId }, { $inc: { settledRefundMinor } }).session(tx);
}
