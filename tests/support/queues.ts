// Defines every queue, so that listDeadLetters knows them all.
import '../../src/worker-jobs.ts';
import { afterAll, beforeAll } from 'vitest';
import { openQueue } from '../../src/infra/queue/define-queue.ts';
import { listDeadLetters, type DeadLetter } from '../../src/infra/queue/dead-letters.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { connectRedis } from '../../src/infra/redis/index.ts';

/** The test file's own view of the queues. */
export function useQueues(): void {
  beforeAll(() => {
    connectRedis();
  });
  afterAll(() => shutdown('test'));
}

/** Deletes every alarm; the rows in MongoDB stay. @returns how many there were */
export async function deleteTimerJobs(): Promise<number> {
  const queue = openQueue('timer');
  const count = await queue.getDelayedCount();
  await queue.drain(true);
  return count;
}

export function delayedJobs(queueName: string): Promise<number> {
  return openQueue(queueName).getDelayedCount();
}

export function deadLetters(): Promise<DeadLetter[]> {
  return listDeadLetters();
}
