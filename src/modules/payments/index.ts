export { paymentQueue } from './payments.jobs.ts';
export {
  createMissingIntents,
  createPayment,
  ensureIntent,
  expireOrderUnlessPaid,
  openIntent,
  type PaymentIntent,
} from './payments.service.ts';
