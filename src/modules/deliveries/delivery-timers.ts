import { registerTimer } from '../../infra/timers/index.ts';
import { reportStalled, runRound, startOffers } from './dispatch.service.ts';
import { DISPATCH_TIMER, ROUND_TIMER, STALLED_TIMER } from './timer-kinds.ts';

/** Called by bootstrap: what T4 and its rounds do. */
export function registerDeliveryTimers(): void {
  registerTimer(DISPATCH_TIMER, startOffers);
  registerTimer(ROUND_TIMER, runRound);
  registerTimer(STALLED_TIMER, reportStalled);
}
