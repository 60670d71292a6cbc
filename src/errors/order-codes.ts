import { z } from 'zod';
import { defineCodes } from './define-codes.ts';

const stateDetails = z.strictObject({ status: z.string() });

/** Orders, payments, deliveries. Spread into `errorCodes`. */
export const orderCodes = defineCodes({
  invalid_transition: {
    status: 409,
    message: 'This is not possible in the current state.',
    logLevel: 'info',
    details: stateDetails,
  },
  fee_too_high: {
    status: 422,
    message: 'The fee is more than can be kept of the payment.',
    logLevel: 'info',
    details: z.strictObject({ maxMinor: z.int() }),
  },
  offer_taken: { status: 409, message: 'Another courier took this delivery.', logLevel: 'info' },
  offer_expired: { status: 409, message: 'This offer is no longer open.', logLevel: 'info' },
  courier_busy: { status: 409, message: 'You carry another delivery already.', logLevel: 'info' },
  handover_code_wrong: {
    status: 422,
    message: 'The handover code is wrong.',
    logLevel: 'warn',
    details: z.strictObject({ attemptsLeft: z.int() }),
  },
  handover_code_locked: {
    status: 422,
    message: 'Too many wrong handover codes. The courier must show a new one.',
    logLevel: 'warn',
  },
  delivery_pin_wrong: {
    status: 422,
    message: 'The PIN is wrong.',
    logLevel: 'warn',
    details: z.strictObject({ attemptsLeft: z.int() }),
  },
  delivery_pin_locked: {
    status: 422,
    message: 'Too many wrong PINs. The customer must show a new one.',
    logLevel: 'warn',
  },
  refund_exceeds_captured: {
    status: 422,
    message: 'More than can be refunded.',
    logLevel: 'info',
    details: z.strictObject({ refundable: z.strictObject({ amount: z.int(), currency: z.string() }) }),
  },
  webhook_signature_invalid: { status: 400, message: 'The signature is not valid.', logLevel: 'warn' },
  // For logs only: the order is placed all the same, and its client secret comes later.
  payment_provider_unavailable: {
    status: 503,
    message: 'The payment provider does not answer. Try again soon.',
    logLevel: 'error',
  },
});
