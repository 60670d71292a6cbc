/** T4 of domain.md section 2.2. */
export const DISPATCH_TIMER = 'delivery.dispatch';
export const ROUND_TIMER = 'delivery.round';
export const STALLED_TIMER = 'delivery.stalled';

/** All of a delivery's timers, for when the search is over. */
export const SEARCH_TIMERS = [DISPATCH_TIMER, ROUND_TIMER, STALLED_TIMER] as const;
