import { config } from '../../config/index.ts';
import { now } from '../../shared/clock.ts';
import { onShutdown, runDetached } from '../lifecycle/index.ts';
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

/** Work that must happen even when every job is lost; run by the worker at the sweep interval. */
export function startSweep(name: string, sweep: () => Promise<unknown>): void {
  let running: Promise<unknown> | null = null;
  const interval = setInterval(() => {
    runDetached(`sweep ${name}`, async () => {
      if (running !== null) return;
      running = sweep();
      await running.finally(() => (running = null));
    });
  }, config.worker.sweepIntervalMs);
  onShutdown('intake', `sweep ${name}`, () => {
    clearInterval(interval);
  });
}
