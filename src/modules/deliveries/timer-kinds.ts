/** T4 of domain.md section 2.2. */
export const DISPATCH_TIMER = 'delivery.dispatch';
export const ROUND_TIMER = 'delivery.round';
export const STALLED_TIMER = 'delivery.stalled';

/** All of a delivery's timers, for when the search is over. */
export const SEARCH_TIMERS = [DISPATCH_TIMER, ROUND_TIMER, STALLED_TIMER] as const;

/** T7: the courier has waited at the door. */
export const WAIT_TIMER = 'delivery.wait';
/** T8: whether the courier can still be seen. */
export const LOST_TIMER = 'delivery.lost';

/** For when no courier has it in hand any more. */
export const CARRYING_TIMERS = [WAIT_TIMER, LOST_TIMER] as const;
