/** How often, and by how much in all, a kitchen may put off what it has promised. Pure. */
import type { OrderRecord } from '../order.model.ts';

const MAX_DELAYS = 3;
export const MAX_DELAYED_MINUTES = 90;

export interface Delay {
  byMinutes: number;
  /** What may be said now. */
  limits: { minPrepMinutes: number; maxPrepMinutes: number; delaysLeft: number };
  isAllowed: boolean;
}

export function delayOf(
  order: Pick<OrderRecord, 'prepMinutes' | 'delays' | 'delayedMinutes'>,
  newPrepMinutes: number,
): Delay {
  const prepMinutes = order.prepMinutes ?? 0;
  const byMinutes = newPrepMinutes - prepMinutes;
  const delaysLeft = Math.max(0, MAX_DELAYS - order.delays);
  const leftMinutes = MAX_DELAYED_MINUTES - order.delayedMinutes;
  return {
    byMinutes,
    limits: { minPrepMinutes: prepMinutes + 1, maxPrepMinutes: prepMinutes + leftMinutes, delaysLeft },
    isAllowed: byMinutes > 0 && byMinutes <= leftMinutes && delaysLeft > 0,
  };
}
