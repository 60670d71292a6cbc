import { trusted } from 'mongoose';
import { RefundModel } from '../payments/refunds/refund.model.ts';
import type { BilledRefund } from './papers/bill.ts';

/** Oldest first. Not the settlements: what they give back was never due. */
export async function findBilledRefunds(paymentId: string): Promise<BilledRefund[]> {
  const rows = await RefundModel.find({
    paymentId,
    sourceId: trusted({ $gt: '' }),
    status: 'succeeded',
    cause: 'support',
  })
    .sort({ _id: 1 })
    .lean();
  return rows.map(({ _id: id, amountMinor, liableParty, updatedAt: at }) => ({ id, amountMinor, liableParty, at }));
}
