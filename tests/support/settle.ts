import { flushRefusals } from '../../src/infra/audit/refusal-buffer.ts';
import { drainDetached } from '../../src/infra/lifecycle/detached.ts';
import { eventually } from './eventually.ts';

/** A job that a test lets hang is not waited for. */
const PATIENCE_MS = 5_000;

let isIdle: (() => Promise<void>) | null = null;

/** Told by who starts a worker in this process: `check` throws as long as it has something in hand. */
export function waitForWorkerToo(check: (() => Promise<void>) | null): void {
  isIdle = check;
}

/**
 * Until this process has nothing of its own under way: the refusals in their buffer are written, what nobody waits for is done, and a
 * worker's hands are empty. What a test empties, counts or watches after that is not disturbed by what the one before left behind.
 */
export async function settle(): Promise<void> {
  flushRefusals();
  await drainDetached();
  if (isIdle === null) return;
  await eventually(isIdle, PATIENCE_MS).catch(() => null);
}
