/**
 * `npm run dead-letters`: the jobs that failed for good, with why. `-- --retry QUEUE JOB_ID` puts one back, `-- --retry-all` all.
 * Reads REDIS_URL and REDIS_PREFIX as the worker does.
 */
import { parseArgs } from 'node:util';
import { shutdown } from '../src/infra/lifecycle/index.ts';
import { listDeadLetters, retryDeadLetter } from '../src/infra/queue/index.ts';
import { connectRedis, isRedisUp } from '../src/infra/redis/index.ts';
// The queues register themselves when their modules are loaded.
import '../src/subscriptions.ts';
import '../src/infra/timers/index.ts';

const { values, positionals } = parseArgs({
  options: { retry: { type: 'boolean', default: false }, 'retry-all': { type: 'boolean', default: false } },
  allowPositionals: true,
});

async function retryOne([queue, jobId]: string[]): Promise<void> {
  if (queue === undefined || jobId === undefined) throw new Error('Name the queue and the job: --retry QUEUE JOB_ID');
  const isRetried = await retryDeadLetter(queue, jobId);
  console.log(isRetried ? `${queue} ${jobId} is waiting again.` : `There is no dead job ${jobId} in ${queue}.`);
  if (!isRetried) process.exitCode = 1;
}

async function retryAll(): Promise<void> {
  const letters = await listDeadLetters();
  for (const { queue, jobId } of letters) await retryDeadLetter(queue, jobId);
  console.log(`${letters.length} jobs are waiting again.`);
}

async function list(): Promise<void> {
  const letters = await listDeadLetters();
  for (const { queue, job, jobId, attempts, reason, failedAt } of letters) {
    const at = failedAt === null ? '' : new Date(failedAt).toISOString();
    console.log(`${queue}  ${job}  ${jobId}  ${at}  ${attempts} attempts  ${reason}`);
  }
  console.log(`${letters.length} dead jobs.`);
}

connectRedis();
try {
  if (!(await isRedisUp())) throw new Error('Redis does not answer. Set REDIS_URL; `npm run demo` prints its own.');
  if (values.retry) await retryOne(positionals);
  else await (values['retry-all'] ? retryAll() : list());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
await shutdown('dead-letters');
