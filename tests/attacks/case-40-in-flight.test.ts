import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { runIdempotent } from '../../src/infra/mongo/index.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { placing } from '../support/checkout.ts';

// Before the configuration is read, which happens at the first import of src.
vi.hoisted(() => vi.stubEnv('TRANSACTION_DEADLINE_SECONDS', '1'));

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

it('case 40: a duplicate of a request that still runs at the deadline is 409 with Retry-After, and replays later', async () => {
  const request = placing('asha');
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const { promise: running, resolve: run } = Promise.withResolvers<undefined>();
  const first = runIdempotent(request, async () => {
    run(undefined);
    await released;
    return { order: 1 };
  });
  await running;
  const duplicate = vi.fn(() => Promise.resolve({ order: 2 }));
  await expect(runIdempotent(request, duplicate)).rejects.toMatchObject({
    code: 'idempotency_in_flight',
    status: 409,
    retryAfterSeconds: 1,
  });
  release(undefined);
  expect(await first).toEqual({ answer: { order: 1 }, isReplay: false });
  expect(await runIdempotent(request, duplicate)).toEqual({ answer: { order: 1 }, isReplay: true });
  expect(duplicate).not.toHaveBeenCalled();
});
