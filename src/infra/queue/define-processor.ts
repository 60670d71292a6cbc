import { UnrecoverableError, Worker, type Job } from 'bullmq';
import { z } from 'zod';
import { config } from '../../config/index.ts';
import { isAppError } from '../../errors/index.ts';
import { newRequestId } from '../../shared/ids.ts';
import { noteSecurityEvent } from '../audit/index.ts';
import { onShutdown } from '../lifecycle/index.ts';
import { counter, DURATION_BUCKETS, histogram, logger, reportError, runWithStore } from '../observability/index.ts';
import { redisClients } from '../redis/index.ts';
import { queuePrefix, type JobEnvelope, type JobSchemas, type QueueDefinition } from './define-queue.ts';
import { inSuspectsTurn } from './in-suspects-turn.ts';
import { hasEffect, recordEffect } from './outbox.ts';

export interface JobContext {
  jobId: string;
  /** 1 on the first run. */
  attempt: number;
  /** Outbox row and subscriber joined; stable over retries, so it may name the effect at a vendor. */
  effectId: string;
}

type JobRunners<J extends JobSchemas> = {
  [K in keyof J]: (payload: z.infer<J[K]>, context: JobContext) => Promise<void>;
};

interface ProcessorSettings<J extends JobSchemas> {
  concurrency: number;
  jobs: JobRunners<J>;
}

export interface ProcessorDefinition {
  readonly queueName: string;
  start(): void;
}

const duration = histogram(
  {
    name: 'messaging_process_duration_seconds',
    help: 'Time to process a job',
    labels: ['messaging_destination_name', 'job', 'result'],
  },
  DURATION_BUCKETS,
);
const deadLetters = counter('quickbite_dead_letters_total', 'Jobs that failed for good', ['queue', 'job']);
const stalled = counter('quickbite_queue_stalled_total', 'Jobs whose worker went silent', ['queue']);

const envelopeSchema = z.strictObject({
  v: z.literal(1),
  // The job's own schema looks at it: a record would pass over a `__proto__` in silence.
  payload: z.unknown(),
  requestId: z.string().nullable(),
  effect: z.strictObject({ outboxId: z.string(), subscriber: z.string() }).nullable(),
});

/** A fault that no retry will mend: the job goes to the failed set at once. */
function permanent(reason: string, cause?: unknown): UnrecoverableError {
  return Object.assign(new UnrecoverableError(reason), { cause });
}

/** Binds a queue to its work. The worker process starts it; nothing happens before. */
export function defineProcessor<const J extends JobSchemas>(
  queue: QueueDefinition<J>,
  settings: ProcessorSettings<J>,
): ProcessorDefinition {
  return {
    queueName: queue.name,
    start() {
      const worker = new Worker(
        queue.name,
        (job, token) => inSuspectsTurn(job, token, () => runJob(queue, settings.jobs, job)),
        {
          connection: redisClients().worker,
          prefix: queuePrefix(),
          concurrency: settings.concurrency,
          lockDuration: config.worker.jobLockMs,
          stalledInterval: config.worker.jobLockMs,
          // A crash of the worker must not dead-letter the job that it held (bar.md R2).
          maxStalledCount: 3,
        },
      );
      worker.on('error', (error) => {
        logger.warn({ queue: queue.name, err: error }, 'worker connection fault');
      });
      worker.on('stalled', () => {
        stalled.inc({ queue: queue.name });
      });
      worker.on('failed', (job, error) => {
        // Told outside the job's async context.
        if (job !== undefined)
          runWithStore({ requestId: requestIdOf(job) }, () => {
            noteFailure(job, error);
          });
      });
      onShutdown('intake', `processor ${queue.name}`, () => worker.close());
    },
  };
}

async function runJob<J extends JobSchemas>(queue: QueueDefinition<J>, jobs: JobRunners<J>, job: Job): Promise<void> {
  const envelope = envelopeSchema.safeParse(job.data);
  // Own keys: every object has a `constructor`.
  const isOurs = Object.hasOwn(queue.jobs, job.name);
  const schema = isOurs ? queue.jobs[job.name] : undefined;
  const run = isOurs ? jobs[job.name] : undefined;
  if (!envelope.success || schema === undefined || run === undefined)
    throw refused(job, 'unknown job or payload version');
  const payload = schema.safeParse(envelope.data.payload);
  if (!payload.success) throw refused(job, `payload refused: ${payload.error.message}`);
  await runWithStore({ requestId: requestIdOf(job) }, async () => {
    await runOnce(job, envelope.data, (context) => run(payload.data as z.infer<J[string]>, context));
  });
}

/** Nobody of ours writes such a job: whoever can write to our Redis did, or an older version. What it says is not repeated. */
function refused({ queueName, name, data }: Job, reason: string): UnrecoverableError {
  const isKnown = typeof data === 'object' && data !== null;
  noteSecurityEvent({
    event: 'access.invalid',
    reason: `job ${queueName}/${name.slice(0, 100)}: ${isKnown ? 'refused' : 'no object'}`,
  });
  return permanent(reason);
}

/** Skips what is recorded as done, runs, records. A crash between the last two runs the job again: it is idempotent on its own state. */
async function runOnce(
  job: Job,
  { effect }: Pick<JobEnvelope, 'effect'>,
  run: (context: JobContext) => Promise<void>,
): Promise<void> {
  if (effect !== null && (await hasEffect(effect.outboxId, effect.subscriber))) return;
  const jobId = job.id ?? '';
  const effectId = effect === null ? jobId : `${effect.outboxId}-${effect.subscriber.replaceAll('.', '-')}`;
  const labels = { messaging_destination_name: job.queueName, job: job.name };
  const end = duration.startTimer(labels);
  try {
    await run({ jobId, attempt: job.attemptsMade + 1, effectId });
    if (effect !== null) await recordEffect(effect.outboxId, effect.subscriber);
    end({ result: 'ok' });
  } catch (error) {
    end({ result: 'failed' });
    // A refusal by a business rule stays a refusal however often it is tried.
    if (isAppError(error) && error.status < 500) throw permanent(`${error.code}: ${error.message}`, error);
    throw error;
  }
}

function noteFailure(job: Job, error: Error): void {
  const { queueName: queue, name, id: jobId, attemptsMade } = job;
  // Set once the job lies in the failed set, for whatever reason.
  if (job.finishedOn === undefined) {
    logger.warn({ queue, job: name, jobId, attempt: attemptsMade, err: error }, 'job failed, will retry');
    return;
  }
  deadLetters.inc({ queue, job: name });
  reportError(error, { where: `job ${queue}/${name}`, info: { jobId } });
}

/** That of the request which made the promise, whatever else may be wrong with the envelope. */
function requestIdOf(job: Job): string {
  const { requestId } = (job.data ?? {}) as Partial<JobEnvelope>;
  return typeof requestId === 'string' ? requestId : newRequestId();
}
