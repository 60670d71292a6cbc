import { nowMs } from '../../shared/clock.ts';
import { gauge } from '../observability/index.ts';
import { definedQueues, openQueue } from './define-queue.ts';

/** Depth and age of every queue, asked of Redis at each scrape of the worker. */
export function startQueueMetrics(): void {
  gauge({ name: 'quickbite_queue_jobs', help: 'Jobs by state', labels: ['queue', 'state'] }, async (self) => {
    for (const { name } of definedQueues()) {
      const counts = await openQueue(name).getJobCounts('waiting', 'active', 'delayed', 'failed');
      for (const [state, count] of Object.entries(counts)) self.set({ queue: name, state }, count);
    }
  });
  gauge(
    { name: 'quickbite_queue_dead_letter_jobs', help: 'Jobs in the failed set', labels: ['queue'] },
    async (self) => {
      for (const { name } of definedQueues()) self.set({ queue: name }, await openQueue(name).getFailedCount());
    },
  );
  gauge(
    { name: 'quickbite_queue_oldest_job_age_seconds', help: 'Age of the oldest waiting job', labels: ['queue'] },
    async (self) => {
      for (const { name } of definedQueues()) {
        // Waiting jobs lie newest first: the oldest is the last.
        const [oldest] = await openQueue(name).getJobs(['waiting'], 0, 0, true);
        self.set({ queue: name }, oldest === undefined ? 0 : Math.max(0, (nowMs() - oldest.timestamp) / 1000));
      }
    },
  );
}
