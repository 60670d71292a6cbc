import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { listDeadLetters } from '../../../src/infra/queue/index.ts';
import { connectRedis } from '../../../src/infra/redis/index.ts';
import { startProcess, type Child } from '../../../scripts/processes.ts';
import { eventually } from '../../support/eventually.ts';
import { beside, poisoned } from '../../support/poisoned-worker.ts';

const PROGRAM = join(import.meta.dirname, '../../support/poisoned-worker.ts');
const NEIGHBOURS = ['a', 'b'];
vi.setConfig({ testTimeout: 120_000 });

let isOver = false;
let starts = 0;
let child: Child | null = null;

beforeAll(() => {
  connectRedis();
});
afterAll(async () => {
  isOver = true;
  await child?.stop();
  await shutdown('test');
});

/** As a supervisor would. */
async function startAgainAndAgain(): Promise<void> {
  while (!isOver) {
    child = await startProcess({ name: 'poisoned', args: [PROGRAM], env: { JOB_LOCK_SECONDS: '1' }, graceSeconds: 5 });
    starts += 1;
    await child.exited;
  }
}

it('a job that kills its process is a dead letter in the end, alone: those that were there at every kill are done', async () => {
  // Slower than the kill: whoever runs beside it does not come to an end.
  await poisoned.enqueue('poison', { ms: 300 }, { jobId: 'poison' });
  for (const queue of [poisoned, beside]) {
    for (const id of NEIGHBOURS) await queue.enqueue('slow', { ms: 1000 }, { jobId: `slow-${id}` });
  }
  void startAgainAndAgain();
  const neighbours = () =>
    Promise.all([poisoned, beside].flatMap(({ name }) => NEIGHBOURS.map((id) => openQueue(name).getJob(`slow-${id}`))));
  await eventually(async () => {
    expect(await openQueue(poisoned.name).getJobState('poison')).toBe('failed');
    expect((await neighbours()).every((job) => job?.finishedOn !== undefined)).toBe(true);
  }, 100_000);
  expect(await listDeadLetters()).toMatchObject([{ jobId: 'poison', reason: 'job stalled more than allowable limit' }]);
  // There at the first two kills; away at the others.
  for (const job of await neighbours()) expect(job?.stalledCounter).toBeLessThanOrEqual(2);
  // Killed four times, which is the limit of stalls and one.
  expect(starts).toBe(5);
});
