/** Whether an order uses its coupon up (docs/money.md). Pure. */
import { isWithinGrace } from './cancellation/cancellation.policy.ts';
import { TERMINAL_STATUSES } from './order.machine.ts';
import type { OrderRecord } from './order.model.ts';

type End = Pick<OrderRecord, 'status' | 'readyEta' | 'acceptedAt' | 'endedAt' | 'liableParty'>;

/**
 * Whoever was fed, or has only themselves to blame that they were not. Anybody else keeps it for another order: who ended theirs while
 * that was free, and whose food was lost by the restaurant, the courier or us.
 */
export function usesCouponUp(order: End): boolean {
  const { status, readyEta, endedAt, liableParty } = order;
  if (!TERMINAL_STATUSES.includes(status) || status === 'delivered' || status === 'collected') return true;
  if (readyEta === null || liableParty !== 'customer') return false;
  return endedAt === null || !isWithinGrace(order, endedAt);
}
