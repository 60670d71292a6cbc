import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';

/** Where a payment of ours does not stay by itself. */
export const RESTLESS = ['requires_payment', 'requires_action', 'authorized', 'capturing', 'voiding'];
const POLL_MS = 200;

interface QueueCounts {
  busy: number;
  failed: number;
}

/** What is still under way, in words; empty: everything is at rest. */
async function whatIsRestless(stage: Stage, customerIds: readonly string[]): Promise<string[]> {
  const { db } = stage;
  const [outbox, payments, queues] = await Promise.all([
    db.collection('outbox').countDocuments({ doneAt: null }),
    db.collection('payments').countDocuments({ customerId: { $in: [...customerIds] }, status: { $in: RESTLESS } }),
    countJobs(stage),
  ]);
  return [
    ...(outbox > 0 ? [`${outbox} promises of the outbox`] : []),
    ...(payments > 0 ? [`${payments} payments`] : []),
    ...(queues.busy > 0 ? [`${queues.busy} jobs`] : []),
  ];
}

/** Waits for it. @returns what was still under way when the time was up */
export async function untilAtRest(
  stage: Stage,
  { customerIds, timeoutMs }: { customerIds: readonly string[]; timeoutMs: number },
): Promise<string[]> {
  const startedAt = performance.now();
  for (;;) {
    const restless = await whatIsRestless(stage, customerIds).catch((error: unknown) => [String(error)]);
    if (restless.length === 0 || performance.now() - startedAt > timeoutMs) return restless;
    await sleep(POLL_MS);
  }
}

/** Over all queues. Delayed jobs count as busy where they are retries, not where they are alarms. */
export async function countJobs({ redis: { client } }: Stage): Promise<QueueCounts> {
  const keys = await client.keys('{quickbite}:*:meta');
  const counts: QueueCounts = { busy: 0, failed: 0 };
  for (const key of keys) {
    const queue = key.slice(0, -':meta'.length);
    const [wait, active, prioritized, delayed, failed] = await Promise.all([
      client.llen(`${queue}:wait`),
      client.llen(`${queue}:active`),
      client.zcard(`${queue}:prioritized`),
      client.zcard(`${queue}:delayed`),
      client.zcard(`${queue}:failed`),
    ]);
    counts.busy += wait + active + prioritized + (queue.endsWith(':timer') ? 0 : delayed);
    counts.failed += failed;
  }
  return counts;
}
