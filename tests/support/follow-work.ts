import { AsyncLocalStorage } from 'node:async_hooks';
import { currentStore } from '../../src/infra/observability/index.ts';
import { settle } from './settle.ts';

/** For which works the code runs that asks: one may lie in another. */
const works = new AsyncLocalStorage<readonly unknown[]>();

/**
 * Runs `work`, and tells what runs for it from what this process does beside it (sweeps, probes, looks at sockets, what earlier requests
 * left behind): `isOfWork` is true in the async context of `work` and in that of a request that came in meanwhile.
 */
export async function followWork(
  work: () => Promise<unknown>,
  watch: (isOfWork: () => boolean) => () => void,
): Promise<void> {
  await settle();
  const begunAt = performance.now();
  const around = works.getStore() ?? [];
  const stop = watch(() => works.getStore()?.includes(work) === true || (currentStore()?.startedAtMs ?? -1) >= begunAt);
  try {
    // Awaited in there: a query of Mongoose begins when it is.
    await works.run([...around, work], async () => {
      await work();
    });
  } finally {
    stop();
  }
}
