import { z } from 'zod';
import { defineCodes, fieldProblems } from './define-codes.ts';

const stateDetails = z.strictObject({ status: z.string() });
const triesDetails = z.strictObject({
  attemptsLeft: z.int().meta({ description: 'Until the code is locked and a new one must be shown.' }),
});

/** Orders, payments, deliveries. Spread into `errorCodes`. */
export const orderCodes = defineCodes({
  invalid_transition: {
    status: 409,
    message: 'This is not possible in the current state.',
    messageWith: ({ status }: z.infer<typeof stateDetails>) =>
      `This is not possible any more, or not yet: it is “${status.replaceAll('_', ' ')}”.`,
    logLevel: 'info',
    details: stateDetails,
  },
  own_side: {
    status: 403,
    message: 'This is about money of your own side. Somebody else must decide it.',
    logLevel: 'warn',
    details: z.strictObject({ as: z.enum(['customer', 'courier', 'restaurant']) }),
  },
  delay_refused: {
    status: 422,
    message: 'The food cannot be put off by so much, so little or so often.',
    logLevel: 'info',
    details: z.strictObject({ minPrepMinutes: z.int(), maxPrepMinutes: z.int(), delaysLeft: z.int() }),
  },
  amendment_open: { status: 409, message: 'The customer is being asked about a change already.', logLevel: 'info' },
  // For some minutes at most: the customer pays again, or the order ends.
  payment_open: {
    status: 409,
    message: 'The payment was refused: wait until the customer has paid.',
    logLevel: 'info',
  },
  amendment_invalid: {
    status: 422,
    message: 'The order cannot be changed so.',
    logLevel: 'info',
    details: fieldProblems,
  },
  amendments_used_up: { status: 422, message: 'This order was changed often enough.', logLevel: 'info' },
  fee_too_high: {
    status: 422,
    message: 'The fee is more than can be kept of the payment.',
    logLevel: 'info',
    details: z.strictObject({ maxMinor: z.int() }),
  },
  // Nothing was charged; the quote is worth nothing any more, the new one can be bought.
  quote_stale: {
    status: 409,
    message: 'Something has changed since the quote. Look at the new one.',
    logLevel: 'info',
    details: z.strictObject({
      changes: z.array(
        z.strictObject({
          path: z.string().meta({ description: 'In the old quote.' }),
          before: z.unknown(),
          after: z.unknown(),
        }),
      ),
      quote: z.record(z.string(), z.unknown()).meta({ description: 'As GET /quotes/{quoteId} shows it.' }),
    }),
  },
  slot_unavailable: {
    status: 422,
    message: 'This slot cannot be had. Choose another one.',
    logLevel: 'info',
    details: z.strictObject({
      reason: z.string().meta({
        description:
          '`no_such_slot`: none begins then. Else the `reason` of the slot in `GET /restaurants/{restaurantId}/slots`.',
      }),
    }),
  },
  payment_method_unavailable: {
    status: 422,
    message: 'This order cannot be paid in this way. Choose another one.',
    logLevel: 'info',
    details: z.strictObject({
      reason: z
        .enum([
          ...(['over_limit', 'not_in_currency', 'collection', 'scheduled'] as const),
          ...(['too_many_failed', 'too_many_open'] as const),
        ])
        .meta({
          description:
            '`over_limit`: more than is paid in cash; `not_in_currency`: no cash in this currency; `collection`, `scheduled`: no cash for such ' +
            'orders; `too_many_failed`: cash orders that failed by their customer; `too_many_open`: cash orders under way.',
        }),
    }),
  },
  no_show_too_early: {
    status: 409,
    message: 'The customer still has time to collect it.',
    logLevel: 'info',
    details: z.strictObject({ until: z.string() }),
  },
  dropoff_wait_not_over: {
    status: 409,
    message: 'Try to reach the customer, and wait at the door.',
    logLevel: 'info',
    details: z.strictObject({ until: z.string(), contactsLeft: z.int() }),
  },
  reconciliation_day_refused: {
    status: 422,
    message: 'This day cannot be compared.',
    logLevel: 'info',
    details: z.strictObject({
      reason: z.enum(['in_the_future', 'before_the_books', 'too_long_ago']),
      from: z.string().meta({ description: 'First day that can be.' }),
      to: z.string().meta({ description: 'Last day that can be.' }),
    }),
  },
  reconciliation_running: { status: 409, message: 'This day is being compared already.', logLevel: 'info' },
  too_far_from_door: {
    status: 409,
    message: 'Your last position is not at the door. Go there first.',
    logLevel: 'info',
    details: z.strictObject({ distanceMeters: z.int(), limitMeters: z.int() }),
  },
  offer_taken: { status: 409, message: 'Another courier took this delivery.', logLevel: 'info' },
  offer_expired: { status: 409, message: 'This offer is no longer open.', logLevel: 'info' },
  courier_busy: { status: 409, message: 'You carry another delivery already.', logLevel: 'info' },
  handover_code_wrong: {
    status: 422,
    message: 'The handover code is wrong.',
    logLevel: 'warn',
    details: triesDetails,
  },
  handover_code_locked: {
    status: 422,
    message: 'Too many wrong codes. A new one must be shown.',
    logLevel: 'warn',
  },
  delivery_pin_wrong: {
    status: 422,
    message: 'The PIN is wrong.',
    logLevel: 'warn',
    details: triesDetails,
  },
  delivery_pin_locked: {
    status: 422,
    message: 'Too many wrong PINs. The customer must show a new one.',
    logLevel: 'warn',
  },
  cash_amount_wrong: {
    status: 422,
    message: 'That is not the cash that is due.',
    logLevel: 'info',
    details: z.strictObject({ due: z.strictObject({ amount: z.int(), currency: z.string() }) }),
  },
  refund_exceeds_captured: {
    status: 422,
    message: 'More than can be refunded: see how much is left.',
    logLevel: 'info',
    details: z.strictObject({ refundable: z.strictObject({ amount: z.int(), currency: z.string() }) }),
  },
  tip_refused: {
    status: 422,
    message: 'This order cannot be tipped so.',
    logLevel: 'info',
    details: z.strictObject({
      reason: z
        .enum(['no_courier', 'too_late', 'own_delivery', 'currency', 'too_much', 'too_often'])
        .meta({ description: '`no_courier`: nobody brought it, as where the customer collects.' }),
      left: z.strictObject({ amount: z.int(), currency: z.string() }),
    }),
  },
  cash_deposit_too_large: {
    status: 422,
    message: 'The courier does not carry so much cash of ours.',
    logLevel: 'info',
    details: z.strictObject({ cash: z.strictObject({ amount: z.int(), currency: z.string() }) }),
  },
  webhook_signature_invalid: { status: 400, message: 'The signature is not valid.', logLevel: 'warn' },
  too_many_cards: { status: 409, message: 'You have saved too many cards. Remove one first.', logLevel: 'info' },
  // An order is placed all the same, and its client secret comes later: there it is for logs only.
  payment_provider_unavailable: {
    status: 503,
    message: 'The payment provider does not answer. Try again soon.',
    logLevel: 'error',
  },
});
