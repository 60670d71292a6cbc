import { leasedStore } from '../../src/http/middleware/leased-store.ts';
import { beginAnew, shutdown } from '../../src/infra/lifecycle/index.ts';
import { metricsRegistry } from '../../src/infra/observability/index.ts';
import { setClock } from '../../src/shared/clock.ts';

/** Ends what a test file left running and forgets what the product remembers of it, for the next file in this process. */
export async function forgetFile(): Promise<void> {
  await shutdown('end of the test file');
  beginAnew();
  setClock(null);
  metricsRegistry.resetMetrics();
  // One of them speaks for all.
  await leasedStore('browse').resetAll?.();
}
