import { definedQueues, openQueue } from './define-queue.ts';

export interface DeadLetter {
  queue: string;
  jobId: string;
  job: string;
  attempts: number;
  reason: string;
  failedAt: number | null;
}

/** Jobs that failed for good, newest first. */
export async function listDeadLetters(limitPerQueue = 100): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const { name } of definedQueues()) {
    const jobs = await openQueue(name).getFailed(0, limitPerQueue - 1);
    for (const job of jobs) {
      letters.push({
        queue: name,
        jobId: job.id ?? '',
        job: job.name,
        attempts: job.attemptsMade,
        reason: job.failedReason,
        failedAt: job.finishedOn ?? null,
      });
    }
  }
  return letters;
}

/** How many there are, over all queues. @throws while Redis is away */
export async function countDeadLetters(): Promise<number> {
  const counts = await Promise.all(definedQueues().map(({ name }) => openQueue(name).getFailedCount()));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Puts a dead job back into its queue, with all its attempts before it. Returns false when there is no such job. */
export async function retryDeadLetter(queueName: string, jobId: string): Promise<boolean> {
  const job = await openQueue(queueName).getJob(jobId);
  if (job === undefined || !(await job.isFailed())) return false;
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  return true;
}
