import { RefundModel } from '../payments/refunds/refund.model.ts';
import type { BilledRefund } from './papers/bill.ts';

/** Oldest first. Not the settlements: what they give back was never due. */
export async function findBilledRefunds(paymentId: string): Promise<BilledRefund[]> {
  // Not sorted by MongoDB: by `_id` it would walk through all refunds there are.
  const rows = await RefundModel.find({ paymentId, status: 'succeeded', cause: 'support' }).lean();
  return rows
    .map(({ _id: id, amountMinor, liableParty, lines, updatedAt: at }) => ({ id, amountMinor, liableParty, lines, at }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
