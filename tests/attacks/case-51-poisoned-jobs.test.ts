import '../setup/with-local-cloud.ts';
import '../../src/worker-jobs.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definedQueues, openQueue } from '../../src/infra/queue/define-queue.ts';
import { listDeadLetters, type DeadLetter } from '../../src/infra/queue/dead-letters.ts';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { eventually } from '../support/eventually.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const queues = definedQueues();

interface Poison {
  queue?: string;
  name?: string;
  data: unknown;
}

function envelope(payload: unknown, changes: object = {}): Record<string, unknown> {
  return { v: 1, payload, requestId: null, effect: null, ...changes };
}

/** As somebody who can write to our Redis would. @returns its letter, once it is dead */
async function dieOf({ queue = 'email', name = 'send-welcome', data }: Poison): Promise<DeadLetter> {
  const jobId = `attack-${newId()}`;
  await openQueue(queue).add(name, data, { jobId, attempts: 3, backoff: { type: 'fixed', delay: 10 } });
  return eventually(async () => {
    const letter = (await listDeadLetters()).find((one) => one.jobId === jobId);
    if (letter === undefined) throw new Error(`${jobId} is not dead yet`);
    return letter;
  });
}

const id = newId();
const POISONED: [string, Poison][] = [
  ['of an unknown name', { name: 'drop-database', data: envelope({ userId: id }) }],
  ['with the name of a method', { name: 'constructor', data: envelope({ userId: id }) }],
  ['with the name of a prototype', { name: '__proto__', data: envelope({ userId: id }) }],
  ['of another version', { data: envelope({ userId: id }, { v: 2 }) }],
  ['without an envelope', { data: { userId: id } }],
  ['without data', { data: {} }],
  ['of text', { data: 'text' }],
  ['of a list', { data: [envelope({ userId: id })] }],
  ['with a field missing', { data: envelope({}) }],
  ['with a field too many', { data: envelope({ userId: id, isAdmin: true }) }],
  ['with a key too many around it', { data: envelope({ userId: id }, { isAdmin: true }) }],
  ['with an operator', { data: envelope({ userId: { $ne: '' } }) }],
  [
    'with a prototype',
    {
      data: JSON.parse(
        `{"v":1,"payload":{"userId":"${id}","__proto__":{"isAdmin":true}},"requestId":null,"effect":null}`,
      ),
    },
  ],
  ['with an id that is none', { data: envelope({ userId: '../../etc/passwd' }) }],
  ['with a megabyte', { data: envelope({ userId: 'x'.repeat(1_000_000) }) }],
  [
    'with an effect that is none',
    { data: envelope({ userId: id }, { effect: { outboxId: { $ne: '' }, subscriber: 'x' } }) },
  ],
];

/** The worker's own sweep takes its turn there, whatever the jobs are. */
const BUT_SWEEPS = { except: ['image_sweeps'] };

describe('case 51: a job', () => {
  it.each(POISONED)('%s is dead at the first try, and does nothing', async (_, poison) => {
    const before = await hashDatabase(BUT_SWEEPS);
    const letter = await dieOf(poison);
    expect(letter.attempts).toBe(1);
    // What it said is repeated nowhere.
    expect(letter.reason.length).toBeLessThan(2_000);
    expect(letter.reason).not.toMatch(/etc\/passwd|x{100}/);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    expect(await hashDatabase(BUT_SWEEPS)).toEqual(before);
    await eventually(async () => {
      expect(await AuditModel.countDocuments({ event: 'access.invalid' })).toBeGreaterThan(0);
    });
  });

  it.each(queues.flatMap(({ name, jobs }) => Object.keys(jobs).map((job) => [name, job] as const)))(
    'of %s/%s is refused with a field too many, and nothing of its queue stops',
    async (queue, name) => {
      const letter = await dieOf({ queue, name, data: envelope({ isAdmin: true, __v: 7 }) });
      expect(letter).toMatchObject({ queue, job: name, attempts: 1 });
    },
  );

  it('about what is not there any more does no harm: it ends, done or dead, after its tries and no more', async () => {
    for (const { name: queue, jobs, attempts } of queues) {
      expect(attempts).toBeLessThanOrEqual(12);
      for (const [name, schema] of Object.entries(jobs)) {
        const fields = Object.keys((schema as z.ZodObject).shape);
        if (fields.some((field) => !field.endsWith('Id'))) continue;
        const jobId = `attack-${newId()}`;
        const data = envelope(Object.fromEntries(fields.map((field) => [field, newId()])));
        await openQueue(queue).add(name, data, { jobId, attempts: 2, backoff: { type: 'fixed', delay: 10 } });
        await eventually(async () => {
          const job = await openQueue(queue).getJob(jobId);
          expect(['completed', 'failed'], `${queue}/${name}`).toContain((await job?.getState()) ?? 'completed');
          expect(job?.attemptsMade ?? 0).toBeLessThanOrEqual(2);
        });
      }
    }
  });

  it('leaves the worker at work: a good one after all these is done', async () => {
    const jobId = `good-${newId()}`;
    await openQueue('timer').add('fire-due-timers', envelope({}), { jobId });
    await eventually(async () => {
      const job = await openQueue('timer').getJob(jobId);
      expect((await job?.getState()) ?? 'completed').toBe('completed');
    });
    expect((await app.request.get('/health/live')).status).toBe(200);
  });
});

/** What a payload may hold: ids, a date, a currency, versions, attempts and places in a log, and words out of closed lists. */
const FIELDS: Record<string, RegExp> = { string: /^(\w+Id|round|day|currency)$/, integer: /^(version|seq|attempt)$/ };

describe('case 51: the schemas of all jobs', () => {
  const jobs = queues.flatMap(({ name, jobs: schemas }) =>
    Object.entries(schemas).map(([job, schema]) => ({ name: `${name}/${job}`, schema })),
  );

  it('are there for every queue', () => {
    expect(queues.length).toBeGreaterThan(6);
    expect(jobs.length).toBeGreaterThan(15);
  });

  it.each(jobs)(
    'of $name is closed, and has room for ids and words of closed lists alone: nothing of a person',
    ({ schema }) => {
      const json = z.toJSONSchema(schema, { io: 'input' }) as {
        additionalProperties?: unknown;
        properties?: Record<
          string,
          { type?: string | string[]; anyOf?: { type: string }[]; enum?: unknown[]; const?: unknown }
        >;
      };
      expect(json.additionalProperties).toBe(false);
      const free = Object.entries(json.properties ?? {}).filter(
        ([key, { anyOf = [], type = anyOf.map((one) => one.type), ...field }]) => {
          const kinds = [type].flat().filter((kind) => kind !== 'null');
          const isKnown = kinds.length > 0 && kinds.every((kind) => FIELDS[kind]?.test(key) === true);
          return field.enum === undefined && field.const === undefined && !isKnown;
        },
      );
      expect(free).toEqual([]);
    },
  );
});
