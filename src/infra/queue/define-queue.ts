import { Queue, type JobsOptions } from 'bullmq';
import type { z } from 'zod';
import { config } from '../../config/index.ts';
import { onShutdown } from '../lifecycle/index.ts';
import { currentStore } from '../observability/index.ts';
import { redisClients } from '../redis/index.ts';

/** Job name -> Zod schema of its payload. Payloads carry ids, never documents or secrets. */
export type JobSchemas = Record<string, z.ZodType<Record<string, unknown>>>;

interface QueueSettings<J extends JobSchemas> {
  /** Kebab-case, one physical queue per kind. */
  name: string;
  attempts: number;
  backoffMs: number;
  jobs: J;
}

interface EnqueueOptions {
  jobId?: string;
  delayMs?: number;
  effect?: JobEffect;
}

/** The outbox row and subscriber that a job fulfils; the processor records it. */
export interface JobEffect {
  outboxId: string;
  subscriber: string;
}

/** What really lies in Redis. */
export interface JobEnvelope {
  v: 1;
  payload: Record<string, unknown>;
  requestId: string | null;
  effect: JobEffect | null;
}

export interface QueueDefinition<J extends JobSchemas = JobSchemas> {
  readonly name: string;
  readonly attempts: number;
  readonly jobs: J;
  enqueue<K extends keyof J & string>(job: K, payload: z.infer<J[K]>, options?: EnqueueOptions): Promise<void>;
}

const registry = new Map<string, QueueDefinition>();
const opened = new Map<string, Queue>();

export function definedQueues(): QueueDefinition[] {
  return [...registry.values()];
}

/** Ties name, payload schemas, retries and `enqueue` together. Opens no connection until the first job. */
export function defineQueue<const J extends JobSchemas>(settings: QueueSettings<J>): QueueDefinition<J> {
  const jobOptions: JobsOptions = {
    attempts: settings.attempts,
    backoff: { type: 'exponential', delay: settings.backoffMs, jitter: 0.5 },
    removeOnComplete: { age: 3600, count: 1000 },
    // The failed set is where an operator looks: kept long.
    removeOnFail: { age: 14 * 24 * 3600 },
  };
  const definition: QueueDefinition<J> = {
    name: settings.name,
    attempts: settings.attempts,
    jobs: settings.jobs,
    async enqueue(job, payload, options = {}) {
      const schema = settings.jobs[job];
      if (schema === undefined) throw new Error(`queue ${settings.name} has no job ${job}`);
      const envelope: JobEnvelope = {
        v: 1,
        payload: schema.parse(payload),
        requestId: currentStore()?.requestId ?? null,
        effect: options.effect ?? null,
      };
      await openQueue(settings.name).add(job, envelope, {
        ...jobOptions,
        ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
        ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
      });
    },
  };
  registry.set(settings.name, definition);
  return definition;
}

export function queuePrefix(): string {
  return `{${config.redis.prefix}}`;
}

/** The BullMQ queue behind a definition; for metrics and the dead-letter command. */
export function openQueue(name: string): Queue {
  const existing = opened.get(name);
  if (existing !== undefined) return existing;
  const queue = new Queue(name, { connection: redisClients().producer, prefix: queuePrefix() });
  // The client's own listener logs connection faults; an unheard 'error' would end the process.
  queue.on('error', () => undefined);
  opened.set(name, queue);
  // One that was opened while Redis did not answer stays broken for ever, so that the next job opens another (bar.md R9).
  queue.waitUntilReady().catch(() => {
    if (opened.get(name) === queue) opened.delete(name);
  });
  onShutdown('clients', `queue ${name}`, async () => {
    opened.delete(name);
    await queue.close();
  });
  return queue;
}
