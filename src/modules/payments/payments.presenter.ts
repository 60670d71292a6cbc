import { money } from '../../shared/money.ts';
import type { PaymentWithIntent } from './payments.service.ts';

/** A payment as its customer sees it. JSON-safe. */
export function toPaymentView({ payment, intent }: PaymentWithIntent) {
  const isPayable = payment.status === 'requires_payment' || payment.status === 'requires_action';
  return {
    id: payment._id,
    orderId: payment.orderId,
    status: payment.status,
    amount: money(payment.amountMinor, payment.currency),
    captured: money(payment.amountCapturedMinor, payment.currency),
    refunded: money(payment.amountRefundedMinor, payment.currency),
    failureCode: payment.failureCode,
    clientSecret: isPayable ? intent.clientSecret : null,
    publishableKey: intent.publishableKey,
  };
}
