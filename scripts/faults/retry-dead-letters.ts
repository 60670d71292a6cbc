import { Queue } from 'bullmq';
import type { Stage } from './stage.ts';

/** What `npm run dead-letters -- retry` does, for all of them. */
export async function retryDeadLetters({ redis: { client, url } }: Stage): Promise<void> {
  for (const key of await client.keys('{quickbite}:*:failed')) {
    const queue = new Queue(key.split(':')[1] ?? '', { connection: { url }, prefix: '{quickbite}' });
    for (const job of await queue.getFailed()) {
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    }
    await queue.close();
  }
}
