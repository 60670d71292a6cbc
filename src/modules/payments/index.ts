export { countWithoutIntent } from './payment-counts.queries.ts';
export { paymentQueue } from './payments.jobs.ts';
export {
  createMissingIntents,
  createPayment,
  ensureIntent,
  askBeforeExpiry,
  PAYMENT_OVERDUE,
  openIntent,
  type PaymentIntent,
} from './payments.service.ts';
