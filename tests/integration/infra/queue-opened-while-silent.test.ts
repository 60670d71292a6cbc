import { redisProxy } from '../../setup/with-redis-proxy.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { defineQueue } from '../../../src/infra/queue/index.ts';
import { redisClients } from '../../../src/infra/redis/index.ts';
import { eventually } from '../../support/eventually.ts';

const queue = defineQueue({
  name: 'opened-while-silent',
  attempts: 1,
  backoffMs: 1,
  jobs: { work: z.strictObject({ orderId: z.string() }) },
});

beforeAll(bootstrap);
afterAll(() => shutdown('test'));

it('a queue that was first opened while Redis was silent takes jobs once Redis answers again', async () => {
  // Connected before: one that was never connected waits instead of giving up.
  await redisClients().producer.ping();
  redisProxy.stall();
  await expect(queue.enqueue('work', { orderId: 'a' })).rejects.toThrow();
  redisProxy.mend();
  await eventually(async () => {
    await queue.enqueue('work', { orderId: 'b' }, { jobId: 'once' });
  }, 10_000);
  expect(await openQueue(queue.name).getJobState('once')).toBe('waiting');
});
