/** The baseline: the same pool of threads over the same comparison, with no HTTP, no database and no code of ours. */
import { availableParallelism } from 'node:os';
import { hash } from 'bcryptjs';
import { Piscina } from 'piscina';
import { BENCH_PASSWORD } from '../bench-users.ts';
import { serve } from '../child.ts';
import { closedLoop } from '../closed-loop.ts';
import type { StormRequest } from './storm.ts';

const threads = Math.max(1, availableParallelism() - 1);
const filename = new URL('./bare-compare.worker.ts', import.meta.url).href;
const pool = new Piscina({ filename, minThreads: threads, maxThreads: threads });
const stored = await hash(BENCH_PASSWORD, 10);

async function compareOnce(): Promise<void> {
  const isEqual = (await pool.run({ password: BENCH_PASSWORD, hash: stored }, { name: 'compare' })) as boolean;
  if (!isEqual) throw new Error('the baseline compares something else');
}

serve({
  cpu: () => Promise.resolve(process.cpuUsage()),
  run: ({ emails, inFlight }: StormRequest) => closedLoop(emails, inFlight, compareOnce),
});
