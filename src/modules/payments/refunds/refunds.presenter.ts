import { money } from '../../../shared/money.ts';
import type { RefundRecord } from './refund.model.ts';

export type RefundView = ReturnType<typeof toRefundView>;

/** For the office, and for who bears it. JSON-safe. */
export function toRefundView(refund: RefundRecord) {
  const { _id: id, orderId, paymentId, status, cause, reason, note, lines, liableParty, failureCode } = refund;
  return {
    ...{ id, orderId, paymentId, status, cause, reason, note, lines, liableParty, failureCode },
    amount: money(refund.amountMinor, refund.currency),
    createdAt: refund.createdAt.toISOString(),
    updatedAt: refund.updatedAt.toISOString(),
  };
}

/** What the customer is told: neither who bears it nor what support wrote down. */
export function toCustomerRefundView(refund: RefundRecord) {
  const { _id: id, reason } = refund;
  // A refund that failed is one that is still on its way: people work on it.
  const status = refund.status === 'succeeded' ? ('succeeded' as const) : ('processing' as const);
  return {
    ...{ id, status, reason, amount: money(refund.amountMinor, refund.currency) },
    createdAt: refund.createdAt.toISOString(),
  };
}
