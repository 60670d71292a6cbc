import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { runIdempotent, withTransaction } from '../../src/infra/mongo/index.ts';
import { commitOrder } from '../../src/modules/checkout/checkout.service.ts';
import { claimQuote, purchaseKeyOf } from '../../src/modules/checkout/purchase.service.ts';
import { newId } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { customerActor, placing, quoteFor } from '../support/checkout.ts';
import { createKitchen } from '../support/kitchen.ts';

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

it('case 40: so is a duplicate of an order that is still being placed, and its replay is the order', async () => {
  const actor = customerActor();
  const quote = await quoteFor(await createKitchen(), actor.userId);
  const idempotency = placing(actor.userId);
  const purchase = { ...purchaseKeyOf(idempotency), answer: JSON.stringify({ id: newId(), payment: {} }) };
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const { promise: running, resolve: run } = Promise.withResolvers<undefined>();
  const first = withTransaction(async (tx) => {
    await claimQuote(tx, quote, { orderId: newId(), purchase });
    run(undefined);
    await released;
  });
  await running;
  const duplicate = () => commitOrder({ quoteId: quote._id, idempotency }, actor);
  await expect(duplicate()).rejects.toMatchObject({ code: 'idempotency_in_flight', status: 409, retryAfterSeconds: 1 });
  release(undefined);
  await first;
  expect(await duplicate()).toEqual({ answer: JSON.parse(purchase.answer) as object, isReplay: true });
});
