/** O20: why food does not reach its customer, who bears it, and what the courier gets. Pure. */
import type { LiableParty } from '../../shared/liable-party.ts';

export const FAILURE_REASONS = [
  'customer_absent',
  'customer_refused',
  'wrong_address',
  'unsafe_place',
  'food_damaged',
  'courier_accident',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What becomes of the food. */
export const DISPOSALS = ['return', 'discard'] as const;
export type Disposal = (typeof DISPOSALS)[number];

export const CONTACT_CHANNELS = ['call', 'message', 'doorbell'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

/** With fewer than these the customer may say that nobody called. */
export const CONTACT_ATTEMPTS = 2;

const BEARERS: Readonly<Record<FailureReason, LiableParty>> = {
  customer_absent: 'customer',
  customer_refused: 'customer',
  wrong_address: 'customer',
  unsafe_place: 'platform',
  food_damaged: 'courier',
  courier_accident: 'courier',
};

export function bearerOf(reason: FailureReason): LiableParty {
  return BEARERS[reason];
}

/** Only who blames the customer must have waited at the door (T7): food on the road does not get better by waiting. */
export function needsWaiting(reason: FailureReason): boolean {
  return bearerOf(reason) === 'customer';
}

interface Money {
  /** What of the customer's money we have. */
  heldMinor: number;
  tipMinor: number;
  /** The courier's, with the tip. */
  feeMinor: number;
}

interface Settlement {
  amountDueMinor: number;
  courierFeeMinor: number;
}

/**
 * A customer who is to blame and has paid gets nothing back; nobody is made to pay cash for food they do not have. The
 * courier is paid for the way unless it was the courier's fault, with the tip only where the customer pays it.
 */
export function settleFailure({ heldMinor, tipMinor, feeMinor }: Money, liableParty: LiableParty): Settlement {
  const amountDueMinor = liableParty === 'customer' ? heldMinor : 0;
  return {
    amountDueMinor,
    courierFeeMinor: wayFeeMinor({ tipMinor, feeMinor, isPaid: amountDueMinor > 0 }, liableParty),
  };
}

/** What the courier gets for a way that ended without a hand-over. `isPaid`: by the customer, in full. */
export function wayFeeMinor(
  { tipMinor, feeMinor, isPaid }: Omit<Money, 'heldMinor'> & { isPaid: boolean },
  liableParty: LiableParty,
): number {
  if (liableParty === 'courier') return 0;
  return isPaid ? feeMinor : Math.max(0, feeMinor - tipMinor);
}
