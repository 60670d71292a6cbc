import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { bootstrap } from '../../../src/bootstrap.ts';
import { AppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { currentStore, logger, metricsRegistry, runWithStore } from '../../../src/infra/observability/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import {
  appendOutbox,
  defineProcessor,
  defineQueue,
  listDeadLetters,
  relayDueRows,
  retryDeadLetter,
  startQueueMetrics,
  toJob,
} from '../../../src/infra/queue/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { eventually } from '../../support/eventually.ts';

const BACKOFF_MS = 60;
const payload = z.strictObject({ orderId: z.string() });
const queue = defineQueue({
  name: 'queue-test',
  attempts: 3,
  backoffMs: BACKOFF_MS,
  jobs: { work: payload, rest: payload },
});
/** Nobody works on it. */
const idle = defineQueue({ name: 'queue-test-idle', attempts: 1, backoffMs: 1, jobs: { work: payload } });

interface Run {
  orderId: string;
  jobId: string;
  attempt: number;
  effectId: string;
  requestId: string | undefined;
  at: number;
}

let runs: Run[] = [];
let behave: (run: Run) => void = () => undefined;

const processor = defineProcessor(queue, {
  concurrency: 5,
  jobs: {
    work: ({ orderId }, context) => {
      const run = { orderId, ...context, requestId: currentStore()?.requestId, at: performance.now() };
      runs.push(run);
      behave(run);
      return Promise.resolve();
    },
    rest: () => Promise.resolve(),
  },
});

beforeAll(async () => {
  await bootstrap();
  startQueueMetrics();
  processor.start();
});
afterEach(async () => {
  runs = [];
  behave = () => undefined;
  setClock(null);
  await Promise.all([queue, idle].map(({ name }) => openQueue(name).obliterate({ force: true })));
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function deadLetters(count: number) {
  return eventually(async () => {
    const letters = (await listDeadLetters()).filter((letter) => letter.queue === queue.name);
    expect(letters).toHaveLength(count);
    return letters;
  });
}

async function ran(count: number): Promise<void> {
  await eventually(() => {
    expect(runs).toHaveLength(count);
  });
}

const metric = (name: string) => metricsRegistry.getSingleMetricAsString(name);

describe('enqueuing', () => {
  it.each([
    ['a missing id', {}],
    ['an unknown key', { orderId: 'a', password: 'canary' }],
    ['an operator', { orderId: { $ne: null } }],
  ])('refuses %s before it is in Redis', async (_, wrong) => {
    await expect(queue.enqueue('work', wrong as never)).rejects.toThrow(z.ZodError);
    expect(await openQueue(queue.name).getJobs()).toEqual([]);
  });

  it('refuses a job that the queue does not know', async () => {
    await expect(queue.enqueue('play' as never, {} as never)).rejects.toThrow('no job play');
  });

  it('twice under one id makes one job', async () => {
    await queue.enqueue('work', { orderId: 'a' }, { jobId: 'one', delayMs: 60_000 });
    await queue.enqueue('work', { orderId: 'b' }, { jobId: 'one', delayMs: 60_000 });
    expect(await openQueue(queue.name).getJobs()).toMatchObject([{ data: { payload: { orderId: 'a' } } }]);
  });
});

describe('a job', () => {
  it('runs in the context of the request that promised it', async () => {
    await runWithStore({ requestId: 'request-0001' }, () =>
      queue.enqueue('work', { orderId: 'a' }, { jobId: 'job-a' }),
    );
    await ran(1);
    expect(runs).toMatchObject([
      { orderId: 'a', jobId: 'job-a', attempt: 1, effectId: 'job-a', requestId: 'request-0001' },
    ]);
  });

  it.each([
    ['a payload that its queue would refuse', 'work', { v: 1, payload: { orderId: 1 }, requestId: null, effect: null }],
    ['a version of tomorrow', 'work', { v: 2, payload: { orderId: 'a' }, requestId: null, effect: null }],
    ['a name that nobody knows', 'play', { v: 1, payload: { orderId: 'a' }, requestId: null, effect: null }],
    ['no envelope at all', 'work', 'x'],
  ])('with %s is a dead letter at once, and is not run', async (_, name, data) => {
    await openQueue(queue.name).add(name, data, { attempts: 5 });
    expect(await deadLetters(1)).toMatchObject([{ job: name, attempts: 1 }]);
    expect(runs).toEqual([]);
  });

  it('that a business rule refuses is not tried again, and says which rule', async () => {
    behave = () => {
      throw new AppError('quote_expired');
    };
    await queue.enqueue('work', { orderId: 'a' });
    const [letter] = await deadLetters(1);
    expect(letter).toMatchObject({ attempts: 1, reason: expect.stringMatching(/^quote_expired: /) as unknown });
    expect(runs).toHaveLength(1);
  });

  it('that fails otherwise is tried again, each time later, and succeeds', async () => {
    behave = ({ attempt }) => {
      if (attempt === 1) throw new Error('reset');
      if (attempt === 2) throw new AppError('service_unavailable');
    };
    await queue.enqueue('work', { orderId: 'a' });
    await ran(3);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const [first = 0, second = 0, third = 0] = runs.map(({ at }) => at);
    // Half of each delay is jitter.
    expect(second - first).toBeGreaterThanOrEqual(BACKOFF_MS / 2 - 1);
    expect(third - second).toBeGreaterThanOrEqual(BACKOFF_MS - 1);
    await deadLetters(0);
  });

  it('that fails for good is counted, lists its reason, and can be put back with all its attempts', async () => {
    const warn = vi.spyOn(logger, 'warn');
    const requestIds: unknown[] = [];
    warn.mockImplementation(() => requestIds.push(currentStore()?.requestId));
    const before = await metric('quickbite_dead_letters_total');
    behave = () => {
      throw new Error('printer on fire');
    };
    await runWithStore({ requestId: 'request-0002' }, () =>
      queue.enqueue('work', { orderId: 'a' }, { jobId: 'job-b' }),
    );
    const [letter] = await deadLetters(1);
    expect(letter).toMatchObject({ jobId: 'job-b', job: 'work', attempts: 3, reason: 'printer on fire' });
    expect(letter?.failedAt).toEqual(expect.any(Number));
    // Two failures that were tried again, each told with the request's id.
    expect(requestIds).toEqual(['request-0002', 'request-0002']);
    expect(await metric('quickbite_dead_letters_total')).not.toBe(before);
    expect(await metric('quickbite_queue_dead_letter_jobs')).toContain('{queue="queue-test"} 1');

    let failures = 2;
    behave = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('still smoking');
    };
    expect(await retryDeadLetter(queue.name, 'job-b')).toBe(true);
    await ran(6);
    await deadLetters(0);
  });

  it('can only be put back when it is dead', async () => {
    await queue.enqueue('work', { orderId: 'a' }, { jobId: 'job-c', delayMs: 60_000 });
    expect(await retryDeadLetter(queue.name, 'job-c')).toBe(false);
    expect(await retryDeadLetter(queue.name, 'nobody')).toBe(false);
  });
});

describe('the effect of a promised job', () => {
  const table = {
    'test.placed': [
      toJob('module.work', { queue, job: 'work', payload: ({ orderId }) => ({ orderId: String(orderId) }) }),
    ],
  };

  async function promised(): Promise<string> {
    await withTransaction((tx) => appendOutbox(tx, [{ event: 'test.placed', payload: { orderId: newId() } }]));
    await relayDueRows(table);
    const row = await OutboxModel.findOne().lean();
    return row?._id ?? '';
  }

  it('is recorded when it ran, and then never happens again', async () => {
    const outboxId = await promised();
    await eventually(async () => {
      expect(await OutboxModel.findOne().lean()).toMatchObject({
        doneBy: ['module.work'],
        doneAt: expect.any(Date) as unknown,
      });
    });
    expect(runs).toMatchObject([{ effectId: `${outboxId}-module-work` }]);
    // The same job once more, as after a worker that died before it told Redis.
    const effect = { outboxId, subscriber: 'module.work' };
    await queue.enqueue('work', { orderId: 'again' }, { jobId: 'again', effect });
    await eventually(async () => {
      expect(await openQueue(queue.name).getJobState('again')).toBe('completed');
    });
    expect(runs).toHaveLength(1);
  });

  it('is not recorded when it failed', async () => {
    behave = () => {
      throw new AppError('not_found');
    };
    await promised();
    await deadLetters(1);
    expect(await OutboxModel.findOne().lean()).toMatchObject({ doneBy: [], doneAt: null });
  });
});

describe('the metrics', () => {
  it('tell depth and age of every queue', async () => {
    await idle.enqueue('work', { orderId: 'oldest' });
    setClock({ offsetMs: 90_000 });
    await idle.enqueue('work', { orderId: 'newest' });
    expect(await metric('quickbite_queue_jobs')).toContain('{queue="queue-test-idle",state="waiting"} 2');
    const age = /\{queue="queue-test-idle"\} ([\d.]+)/.exec(
      await metric('quickbite_queue_oldest_job_age_seconds'),
    )?.[1];
    expect(Number(age)).toBeGreaterThanOrEqual(89);
  });

  it('tell how long jobs took and how they ended', async () => {
    behave = ({ orderId }) => {
      if (orderId === 'bad') throw new AppError('not_found');
    };
    await queue.enqueue('work', { orderId: 'good' });
    await queue.enqueue('work', { orderId: 'bad' });
    await deadLetters(1);
    const text = await metric('messaging_process_duration_seconds');
    for (const result of ['ok', 'failed']) {
      expect(text).toMatch(
        new RegExp(`_count\\{.*destination_name="queue-test",job="work",result="${result}"\\} \\d+`),
      );
    }
  });
});
