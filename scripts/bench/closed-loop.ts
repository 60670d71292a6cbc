import type { Sample } from './interleave.ts';

/** Keeps `inFlight` units of work going until all are done; the next one starts when one ends. */
export async function closedLoop<T>(
  jobs: readonly T[],
  inFlight: number,
  work: (job: T) => Promise<void>,
): Promise<Sample> {
  const latenciesMs: number[] = [];
  const waiting = jobs.values();
  async function lane(): Promise<void> {
    for (const job of waiting) {
      const startedAt = performance.now();
      await work(job);
      latenciesMs.push(performance.now() - startedAt);
    }
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

/**
 * Starts a unit of work at each tick of `perSecond`, whether the earlier ones are done or not. Latency counts from the tick, so a
 * stall is paid by everybody who would have come during it (coordinated omission).
 */
export async function openLoop<T>(
  jobs: readonly T[],
  perSecond: number,
  work: (job: T) => Promise<void>,
): Promise<Sample> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    jobs.map(async (job, index) => {
      const dueAt = startedAt + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
      await work(job);
      latenciesMs.push(performance.now() - dueAt);
    }),
  );
  return { seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}
