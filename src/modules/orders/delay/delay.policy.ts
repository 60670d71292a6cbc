/** How often, and by how much in all, a kitchen may put off what it has promised. Pure. */
import type { OrderRecord } from '../order.model.ts';

const MAX_DELAYS = 3;
const MAX_DELAYED_MINUTES = 90;
const MINUTE_MS = 60_000;

export interface Delay {
  byMinutes: number;
  /** What may be said now: nothing that has passed. */
  limits: { minPrepMinutes: number; maxPrepMinutes: number; delaysLeft: number };
  isAllowed: boolean;
}

type Cooking = Pick<OrderRecord, 'prepMinutes' | 'delays' | 'delayedMinutes'> & { acceptedAt: Date };

export function delayOf(order: Cooking, newPrepMinutes: number, at: Date): Delay {
  const prepMinutes = order.prepMinutes ?? 0;
  const passedMinutes = Math.ceil((at.getTime() - order.acceptedAt.getTime()) / MINUTE_MS);
  const minPrepMinutes = Math.max(prepMinutes + 1, passedMinutes);
  const maxPrepMinutes = prepMinutes + MAX_DELAYED_MINUTES - order.delayedMinutes;
  const delaysLeft = Math.max(0, MAX_DELAYS - order.delays);
  return {
    byMinutes: newPrepMinutes - prepMinutes,
    limits: { minPrepMinutes, maxPrepMinutes, delaysLeft },
    isAllowed: newPrepMinutes >= minPrepMinutes && newPrepMinutes <= maxPrepMinutes && delaysLeft > 0,
  };
}
