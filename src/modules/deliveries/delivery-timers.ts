import { registerTimer } from '../../infra/timers/index.ts';
import { reportStalled, runRound, startOffers } from './dispatch.service.ts';
import { checkCourier } from './lost-courier.service.ts';
import { reportWaitOver } from './wait-at-the-door.service.ts';
import { DISPATCH_TIMER, LOST_TIMER, ROUND_TIMER, STALLED_TIMER, WAIT_TIMER } from './timer-kinds.ts';

/** Called by bootstrap: what T4 and its rounds, T7 and T8 do. */
export function registerDeliveryTimers(): void {
  registerTimer(DISPATCH_TIMER, startOffers);
  registerTimer(ROUND_TIMER, runRound);
  registerTimer(STALLED_TIMER, reportStalled);
  registerTimer(WAIT_TIMER, reportWaitOver);
  registerTimer(LOST_TIMER, checkCourier);
}
