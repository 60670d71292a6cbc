import { config } from '../../config/index.ts';
import { money } from '../../shared/money.ts';
import type { PaymentDetails } from './payments.service.ts';
import { toCustomerRefundView } from './refunds/refunds.presenter.ts';

/** A payment as its customer and the office see it; the browser's secret only for the customer. JSON-safe. */
export function toPaymentView({ payment, refunds, intent }: PaymentDetails) {
  const isPayable = payment.status === 'requires_payment' || payment.status === 'requires_action';
  return {
    id: payment._id,
    orderId: payment.orderId,
    method: payment.method,
    status: payment.status,
    amount: money(payment.amountMinor, payment.currency),
    captured: money(payment.amountCapturedMinor, payment.currency),
    refunded: money(payment.amountRefundedMinor, payment.currency),
    disputed: money(payment.disputedMinor, payment.currency),
    refunds: refunds.map(toCustomerRefundView),
    failureCode: payment.failureCode,
    clientSecret: isPayable ? (intent?.clientSecret ?? null) : null,
    publishableKey: config.payments.publishableKey,
  };
}
