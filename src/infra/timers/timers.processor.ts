import { now } from '../../shared/clock.ts';
import { defineProcessor } from '../queue/index.ts';
import { timerQueue } from './timer-queue.ts';
import { fireDueTimers } from './timers.ts';

/** Purpose: fire timers on time. Idempotency: the timer row is claimed and its action conditional. Retry: the sweep. */
export const timersProcessor = defineProcessor(timerQueue, {
  concurrency: 1,
  jobs: {
    'fire-due-timers': async () => {
      await fireDueTimers(now());
    },
  },
});
