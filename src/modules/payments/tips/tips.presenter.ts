import { config } from '../../../config/index.ts';
import { addMs } from '../../../shared/clock.ts';
import { money } from '../../../shared/money.ts';
import { isWaiting } from './tip-rules.ts';
import type { TipDetails } from './tips.service.ts';

/** A tip as its customer and the office see it. JSON-safe. */
export function toTipView({ tip, clientSecret }: TipDetails) {
  const { _id: id, orderId, status, failureCode, currency, createdAt } = tip;
  const expiresAt = addMs(createdAt, config.orders.payTimeoutSeconds * 1000);
  return {
    ...{ id, orderId, status, failureCode, clientSecret },
    amount: money(tip.amountMinor, currency),
    refunded: money(tip.amountRefundedMinor, currency),
    publishableKey: config.payments.publishableKey,
    createdAt: createdAt.toISOString(),
    expiresAt: isWaiting(tip) ? expiresAt.toISOString() : null,
  };
}
