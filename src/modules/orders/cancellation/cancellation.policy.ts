/** Who may end an order before its food arrives, what that costs, and who bears it (domain.md section 2.2, O16-O19). Pure. */
import { canTransition, SOLD_OUT } from '../order.machine.ts';
import type { OrderRecord } from '../order.model.ts';
import type { LiableParty } from '../../../shared/liable-party.ts';

export const CANCELLATION_POLICIES = [
  'free',
  'within_a_minute',
  'food_cost',
  'full_refund',
  'office',
  'not_possible',
] as const;

/** What each side may say of itself: it stands on the order, and in what is read out of orders later. */
export const CANCELLATION_REASONS = {
  customer: ['changed_mind', 'ordered_by_mistake', 'takes_too_long', 'other'],
  restaurant: [SOLD_OUT, 'too_busy', 'closing', 'equipment_failed', 'other'],
  office: ['courier_unavailable', 'cannot_deliver', 'payment_problem', 'safety', 'other'],
} as const;

export interface Cancellation {
  /** Not allowed: the one that its party would take. */
  transition: 'O16' | 'O17' | 'O18' | 'O19';
  isAllowed: boolean;
  policy: (typeof CANCELLATION_POLICIES)[number];
  /** What stays due. */
  feeMinor: number;
  /** What of the money that is held or was taken goes back. */
  refundMinor: number;
  liableParty: LiableParty | null;
}

export type Canceller =
  { role: 'customer' | 'restaurant' } | { role: 'support' | 'admin'; feeMinor: number; liableParty: LiableParty };

/** Who changes their mind at once costs nobody anything. */
const GRACE_MS = 60_000;

/**
 * Mirrors of the payment in which the card's money is ours to take. A disputed one, too: who asks the bank for the money and then cancels
 * owes the fee all the same, or would get it back twice.
 */
const HELD = ['authorized', 'capturing', 'captured', 'partially_refunded', 'disputed'];

/**
 * The customer: free until the restaurant has accepted and for a minute after; then the food, its packaging and their tax, and never
 * the delivery or the tip, since no courier has gone; nothing any more once it is being cooked. The restaurant pays for its own change
 * of mind. The office says who pays, and whether a fee stays.
 */
export function cancellationOf(order: OrderRecord, by: Canceller, at: Date): Cancellation {
  const { transition, policy, feeMinor, liableParty } = ruleOf(order, by, at);
  if (!canTransition(transition, order.status)) {
    return { transition, isAllowed: false, policy: 'not_possible', feeMinor: 0, refundMinor: 0, liableParty: null };
  }
  return { transition, isAllowed: true, policy, feeMinor, refundMinor: refundOf(order, feeMinor), liableParty };
}

/** The most that can stay due. A fee is the price of the restaurant's food: one that is to blame sells none (O18: all goes back). */
export function mostMinor(order: OrderRecord, by: Canceller): number {
  return 'liableParty' in by && by.liableParty === 'restaurant' ? 0 : heldMinor(order);
}

/** Nobody collects a fee in cash, or from a card that has refused. */
export function heldMinor({ paymentMethod, paymentStatus, amountDueMinor }: OrderRecord): number {
  return paymentMethod === 'card' && HELD.includes(paymentStatus) ? amountDueMinor : 0;
}

/** What goes back when so much stays due: what support has given back before, and what the bank has taken, is not there any more. */
export function refundOf(order: OrderRecord, feeMinor: number): number {
  const { refundedByHandMinor, disputedMinor } = order;
  return Math.max(0, heldMinor(order) - disputedMinor - Math.max(feeMinor, refundedByHandMinor));
}

type Rule = Pick<Cancellation, 'transition' | 'policy' | 'feeMinor' | 'liableParty'>;

function ruleOf(order: OrderRecord, by: Canceller, at: Date): Rule {
  if ('liableParty' in by) {
    return { transition: 'O19', policy: 'office', feeMinor: by.feeMinor, liableParty: by.liableParty };
  }
  if (by.role === 'restaurant') {
    return { transition: 'O18', policy: 'full_refund', feeMinor: 0, liableParty: 'restaurant' };
  }
  const isEarly = canTransition('O16', order.status);
  const transition = isEarly ? 'O16' : 'O17';
  if (isEarly) return { transition, policy: 'free', feeMinor: 0, liableParty: 'customer' };
  if (isWithinGrace(order, at)) return { transition, policy: 'within_a_minute', feeMinor: 0, liableParty: 'customer' };
  const feeMinor = Math.min(foodCostMinor(order), heldMinor(order));
  return { transition, policy: 'food_cost', feeMinor, liableParty: 'customer' };
}

/** Of an acceptance that the customer may undo for nothing. */
export function isWithinGrace({ acceptedAt }: Pick<OrderRecord, 'acceptedAt'>, at: Date): boolean {
  return acceptedAt !== null && at.getTime() - acceptedAt.getTime() < GRACE_MS;
}

/** What the kitchen has begun with: less the discount on it, with its tax. */
function foodCostMinor({ pricing }: OrderRecord): number {
  const { lines, packagingFeeMinor, pricesIncludeTax, feeTaxMinor } = pricing;
  const packagingMinor = packagingFeeMinor + (pricesIncludeTax ? 0 : feeTaxMinor.packaging);
  return lines.reduce((sum, { totalMinor }) => sum + totalMinor, packagingMinor);
}
