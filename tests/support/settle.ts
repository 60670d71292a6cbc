import { flushRefusals } from '../../src/infra/audit/refusal-buffer.ts';
import { drainDetached } from '../../src/infra/lifecycle/detached.ts';

/**
 * Until this process has nothing of its own under way: the refusals in their buffer are written, and what nobody waits for is done. What
 * a test empties, counts or watches after that is not disturbed by what the one before left behind.
 */
export async function settle(): Promise<void> {
  flushRefusals();
  await drainDetached();
}
