import { config } from '../../config/index.ts';
import { onShutdown, runDetached } from '../lifecycle/index.ts';

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
