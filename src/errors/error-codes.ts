import { z } from 'zod';
import { catalogueCodes } from './catalogue-codes.ts';
import { defineCodes, fieldProblems } from './define-codes.ts';
import { orderCodes } from './order-codes.ts';

/** Every code. Clients switch on the code, never on the text. Sorted by area. */
export const errorCodes = defineCodes({
  // transport
  validation_failed: { status: 400, message: 'The request is not valid.', logLevel: 'info', details: fieldProblems },
  malformed_json: { status: 400, message: 'The body is not valid JSON.', logLevel: 'info' },
  bad_request: { status: 400, message: 'The request could not be understood.', logLevel: 'info' },
  route_not_found: { status: 404, message: 'There is no such route.', logLevel: 'info' },
  not_found: { status: 404, message: 'There is no such resource.', logLevel: 'info' },
  payload_too_large: { status: 413, message: 'The request body is too large.', logLevel: 'warn' },
  unsupported_media_type: {
    status: 415,
    message: 'This content type or encoding is not taken here. details.accepted names the types that are.',
    logLevel: 'info',
    details: z.strictObject({ accepted: z.array(z.string()) }),
  },
  rate_limited: { status: 429, message: 'Too many requests. Try again later.', logLevel: 'warn' },
  internal_error: { status: 500, message: 'Something went wrong on our side.', logLevel: 'error' },
  service_unavailable: {
    status: 503,
    message: 'The service is not available right now. Try again soon.',
    logLevel: 'error',
  },
  // Wanted: whoever comes while a bounded queue is full hears so at once, and nobody needs to be woken for it.
  overloaded: {
    status: 503,
    message: 'Too much is going on right now. Try again in a moment.',
    logLevel: 'warn',
  },
  // idempotency and concurrency
  idempotency_key_missing: {
    status: 400,
    message: 'This operation needs an Idempotency-Key header of 1 to 255 characters.',
    logLevel: 'info',
  },
  idempotency_in_flight: {
    status: 409,
    message: 'A request with this Idempotency-Key is still running.',
    logLevel: 'info',
  },
  idempotency_key_reused: {
    status: 422,
    message: 'This Idempotency-Key was sent before with another body.',
    logLevel: 'warn',
  },
  already_exists: { status: 409, message: 'It exists already.', logLevel: 'info', details: fieldProblems },
  version_conflict: {
    status: 409,
    message: 'It was changed in the meantime. Load it again.',
    logLevel: 'info',
    details: z.strictObject({ currentVersion: z.int() }),
  },
  if_match_missing: {
    status: 400,
    message: 'This change needs the header If-Match with the one ETag of what it changes, in quotes as it came: "7".',
    logLevel: 'info',
  },
  // auth
  unauthenticated: { status: 401, message: 'Log in first.', logLevel: 'info' },
  token_invalid: { status: 401, message: 'The access token is not valid.', logLevel: 'warn' },
  token_expired: { status: 401, message: 'The access token has expired.', logLevel: 'info' },
  refresh_token_invalid: { status: 401, message: 'The refresh token is not valid. Log in again.', logLevel: 'warn' },
  credentials_invalid: { status: 401, message: 'The e-mail or the password is wrong.', logLevel: 'info' },
  forbidden: { status: 403, message: 'You are not allowed to do this.', logLevel: 'warn' },
  // Log-in goes on at POST /auth/mfa/verify; with `mustEnrol` at POST /auth/mfa/enrol first.
  mfa_required: {
    status: 401,
    message: 'A second factor is needed.',
    logLevel: 'info',
    details: z.strictObject({ challenge: z.string(), mustEnrol: z.boolean(), expiresInSeconds: z.int() }),
  },
  mfa_challenge_invalid: {
    status: 401,
    message: 'The challenge is over. Log in again.',
    logLevel: 'info',
  },
  mfa_code_invalid: { status: 401, message: 'The code of the second factor is wrong.', logLevel: 'warn' },
  mfa_already_enabled: { status: 409, message: 'A second factor is set up already.', logLevel: 'info' },
  mfa_not_enabled: { status: 409, message: 'No second factor is set up.', logLevel: 'info' },
  mfa_mandatory: { status: 422, message: 'Your role needs a second factor.', logLevel: 'info' },
  code_invalid: { status: 401, message: 'The code is wrong or has expired.', logLevel: 'info' },
  // A reset, verification or invitation link.
  link_invalid: {
    status: 400,
    message: 'The link is not valid, is for somebody else, was used, or has expired.',
    logLevel: 'info',
  },
  csrf_refused: {
    status: 403,
    message: 'This request relies on a cookie: it needs the header X-CSRF: 1 and must come from one of our own pages.',
    logLevel: 'warn',
  },
  password_too_common: { status: 422, message: 'This password is too easy to guess.', logLevel: 'info' },
  password_not_set: {
    status: 422,
    message: 'This account has no password. Set one by a reset link.',
    logLevel: 'info',
  },
  password_wrong: { status: 422, message: 'The current password is wrong or missing.', logLevel: 'warn' },
  oauth_failed: {
    status: 400,
    message: 'The log-in with the provider did not succeed. Begin again.',
    logLevel: 'info',
  },
  oauth_email_unverified: {
    status: 422,
    message: 'The provider does not vouch for an e-mail address.',
    logLevel: 'info',
  },
  // Somebody may have signed up with an address that is not theirs: only its proven owner may be joined with a provider.
  oauth_account_unverified: {
    status: 409,
    message:
      'There is an account with this e-mail that has never proven it. Log in there, or reset its password, first.',
    logLevel: 'info',
  },
  identity_taken: { status: 409, message: 'This log-in belongs to another account.', logLevel: 'info' },
  last_login_method: { status: 422, message: 'This is the only way into the account.', logLevel: 'info' },
  phone_taken: { status: 409, message: 'There is an account with this phone number already.', logLevel: 'info' },
  account_in_use: {
    status: 409,
    message: 'The account cannot be deleted yet.',
    logLevel: 'info',
    details: z.strictObject({ reasons: z.array(z.string()) }),
  },
  last_admin: { status: 409, message: 'This would leave nobody who administrates.', logLevel: 'info' },
  log_in_again: {
    status: 422,
    message: 'Log in again and repeat this within ten minutes.',
    logLevel: 'info',
  },
  export_running: { status: 409, message: 'An export is being made already.', logLevel: 'info' },
  // staff
  staff_exists: { status: 409, message: 'This person works there already.', logLevel: 'info' },
  list_full: { status: 422, message: 'This list holds as many entries as it can.', logLevel: 'info' },
  sms_unavailable: { status: 503, message: 'Text messages cannot be sent right now.', logLevel: 'error' },
  email_not_verified: { status: 422, message: 'Confirm your e-mail address first.', logLevel: 'info' },
  email_already_verified: { status: 409, message: 'This e-mail is verified already.', logLevel: 'info' },
  // Only who has shown the first factor learns it.
  account_suspended: {
    status: 403,
    message: 'This account is suspended. Write to our support.',
    logLevel: 'warn',
  },
  email_taken: { status: 409, message: 'There is an account with this e-mail already.', logLevel: 'info' },
  address_book_full: { status: 422, message: 'The address book holds as many addresses as it can.', logLevel: 'info' },
  ...catalogueCodes,
  // cart, quote
  restaurant_unavailable: {
    status: 422,
    message: 'The restaurant does not take this order now.',
    logLevel: 'info',
    details: z.strictObject({ reason: z.string(), nextOpenAt: z.string().nullable() }),
  },
  out_of_range: { status: 422, message: 'The address is outside the delivery area.', logLevel: 'info' },
  item_unavailable: {
    status: 422,
    message: 'An item cannot be ordered now.',
    logLevel: 'info',
    details: fieldProblems,
  },
  option_selection_invalid: {
    status: 422,
    message: 'The options do not fit the item.',
    logLevel: 'info',
    details: fieldProblems,
  },
  cart_empty: { status: 422, message: 'The cart is empty.', logLevel: 'info' },
  cart_full: { status: 422, message: 'The cart holds as many lines as it can.', logLevel: 'info' },
  cart_other_restaurant: {
    status: 409,
    message: 'The cart holds items of another restaurant. Empty it first, or send replace: true.',
    logLevel: 'info',
    details: z.strictObject({ restaurantId: z.string() }),
  },
  below_minimum: {
    status: 422,
    message: 'The order is below the minimum of the restaurant.',
    logLevel: 'info',
    details: z.strictObject({ minimumMinor: z.int(), subtotalMinor: z.int(), currency: z.string() }),
  },
  coupon_refused: {
    status: 422,
    message: 'The coupon does not hold for this order.',
    logLevel: 'info',
    details: z.strictObject({
      reason: z.string(),
      // Of items, where there are too few of them.
      minimum: z.strictObject({ amount: z.int(), currency: z.string() }).nullable(),
    }),
  },
  quote_expired: { status: 422, message: 'The quote has expired. Ask for a new one.', logLevel: 'info' },
  // The stored row does not carry our signature: somebody wrote to the database.
  quote_invalid: { status: 422, message: 'The quote cannot be used. Ask for a new one.', logLevel: 'error' },
  quote_used: { status: 409, message: 'The quote has bought an order already.', logLevel: 'info' },
  ...orderCodes,
});

export type ErrorCode = keyof typeof errorCodes;

/** The details type a code carries; codes without a schema carry none. */
export type ErrorDetails<C extends ErrorCode> = (typeof errorCodes)[C] extends { details: z.ZodType<infer D> }
  ? D
  : never;

export type FieldProblem = z.infer<typeof fieldProblems>[number];
