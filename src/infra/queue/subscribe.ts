import type { z } from 'zod';
import type { JobSchemas, QueueDefinition } from './define-queue.ts';
import type { Subscription } from './outbox-relay.ts';
import type { OutboxRow } from './outbox.model.ts';

interface JobTarget<J extends JobSchemas, K extends keyof J & string> {
  queue: QueueDefinition<J>;
  job: K;
  /** Ids only, taken from the event. */
  payload: (event: OutboxRow['payload']) => z.input<J[K]>;
  delayMs?: number;
}

/** The event becomes one job of `queue`, whose processor records the effect. */
export function toJob<J extends JobSchemas, K extends keyof J & string>(
  name: string,
  target: JobTarget<J, K>,
): Subscription {
  return {
    name,
    isImmediate: false,
    async dispatch(row, jobId) {
      await target.queue.enqueue(target.job, target.payload(row.payload) as z.infer<J[K]>, {
        jobId,
        effect: { outboxId: row._id, subscriber: name },
        ...(target.delayMs === undefined ? {} : { delayMs: target.delayMs }),
      });
    },
  };
}

/** The event has its effect in the relay itself: for socket messages, of which the stored log is the truth. */
export function toCall(name: string, call: (event: OutboxRow['payload']) => unknown): Subscription {
  return {
    name,
    isImmediate: true,
    dispatch: async ({ payload }) => {
      await call(payload);
    },
  };
}
