export { paymentQueue } from './payments.jobs.ts';
export {
  createMissingIntents,
  createPayment,
  ensureIntent,
  expireOrderUnlessPaid,
  type PaymentIntent,
} from './payments.service.ts';
