/** A worker process of two queues, of which one has a job that kills it; the product's processors around work of the tests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { bootstrap } from '../../src/bootstrap.ts';
import { defineProcessor, defineQueue } from '../../src/infra/queue/index.ts';

const payload = z.strictObject({ ms: z.number() });
const settings = { attempts: 2, backoffMs: 100, jobs: { poison: payload, slow: payload } };
export const poisoned = defineQueue({ name: 'poisoned', ...settings });
export const beside = defineQueue({ name: 'beside-poisoned', ...settings });

/** Their end is later than that of the process, as long as both run together. */
async function run({ ms }: { ms: number }): Promise<void> {
  await sleep(ms);
}

async function killProcess({ ms }: { ms: number }): Promise<void> {
  await sleep(ms);
  process.kill(process.pid, 'SIGKILL');
  await sleep(1000);
}

if (process.argv[1] === import.meta.filename) {
  await bootstrap();
  for (const queue of [poisoned, beside]) {
    defineProcessor(queue, { concurrency: 5, jobs: { poison: killProcess, slow: run } }).start();
  }
}
