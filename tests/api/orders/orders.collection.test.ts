import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { createDelivery } from '../../../src/modules/deliveries/dispatch.service.ts';
import { DeliveryModel } from '../../../src/modules/deliveries/delivery.model.ts';
import {
  renewCollectionCodeRoute,
  reportNoShowRoute,
} from '../../../src/modules/orders/collection/collection.schema.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf, type OrderScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const COLLECTED = { mode: 'collection', deliveryAddress: null, distanceMeters: 0 } as const;
const KEPT_MS = config.orders.noShowSeconds * 1000;

async function waiting(): Promise<OrderScene & { code: string }> {
  const scene = await sceneOf('ready', COLLECTED);
  return { ...scene, code: scene.order.collectionCode ?? '' };
}

function handOver({ owner, order }: OrderScene, code: string) {
  return app.request.post(pathOf(order, 'handover')).set(owner.headers).send({ code });
}

/** Another six digits. */
const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));

describe('food that the customer collects', () => {
  it('has a code of six digits, which nobody but the customer sees, and no delivery', async () => {
    const { customer, owner, order, code } = await waiting();
    expect(code).toMatch(/^\d{6}$/);
    const mine = await app.request.get(pathOf(order)).set(customer.headers).expect(200);
    expect(mine.body).toMatchObject({ collectionCode: code, mode: 'collection', displayStatus: 'ready_to_collect' });
    const theirs = await app.request.get(pathOf(order)).set(owner.headers).expect(200);
    expect(theirs.body).toMatchObject({ collectionCode: null, collectUntil: expect.any(String) as string });
    const log = await app.request.get(pathOf(order, 'events')).set(owner.headers).expect(200);
    expect([theirs.text, log.text].join()).not.toContain(code);
    await createDelivery(order._id);
    expect(await DeliveryModel.countDocuments()).toBe(0);
  });

  it('is given to who shows the code: O14, once', async () => {
    const scene = await waiting();
    const res = await handOver(scene, scene.code).expect(200);
    expect(res.body).toMatchObject({ status: 'collected', collectionCode: null });
    expect((await expectSoundOrder(scene.order._id)).at(-1)).toMatchObject({
      ...{ type: 'order.collected', actor: { role: 'restaurant', id: scene.owner.userId } },
    });
    const again = await handOver(scene, wrong(scene.code)).expect(200);
    expect(again.body).toMatchObject({ status: 'collected', version: scene.order.version + 1 });
    await fireDueTimers(addMs(now(), KEPT_MS + 1));
    expect((await getStoredOrder(scene.order._id)).status).toBe('collected');
  });

  it('is locked after five wrong codes, also fifty at once, until the customer shows a new one', async () => {
    const scene = await waiting();
    const answers = await Promise.all(Array.from({ length: 50 }, () => handOver(scene, wrong(scene.code))));
    const codes = answers.map((answer) => errorOf(answer).code);
    expect(codes.filter((one) => one === 'handover_code_wrong')).toHaveLength(5);
    expect(codes.filter((one) => one === 'handover_code_locked')).toHaveLength(45);
    expect(errorOf(await handOver(scene, scene.code).expect(422)).code).toBe('handover_code_locked');

    const renewed = await app.request
      .post(pathOf(scene.order, 'collection-code'))
      .set(scene.customer.headers)
      .expect(200);
    expectContract(renewCollectionCodeRoute, renewed);
    const { collectionCode } = renewed.body as { collectionCode: string };
    expect(collectionCode).not.toBe(scene.code);
    expect(errorOf(await handOver(scene, scene.code).expect(422)).details).toEqual({ attemptsLeft: 4 });
    await handOver(scene, collectionCode).expect(200);
  });

  it('is not given away before it is ready, nor with the four digits of a courier', async () => {
    const scene = await sceneOf('preparing', COLLECTED);
    expect(errorOf(await handOver(scene, '123456').expect(409))).toMatchObject({ details: { status: 'preparing' } });
    const ready = await waiting();
    expect(errorOf(await handOver(ready, '1234').expect(422)).code).toBe('handover_code_wrong');
    await handOver(ready, '12345').expect(400);
  });

  it('has a new code only while it waits, and never for an order that is brought', async () => {
    const { customer, order } = await sceneOf('accepted', COLLECTED);
    await app.request.post(pathOf(order, 'collection-code')).set(customer.headers).expect(409);
    const brought = await sceneOf('ready');
    expect((await getStoredOrder(brought.order._id)).collectionCode).toBeNull();
    await app.request.post(pathOf(brought.order, 'collection-code')).set(brought.customer.headers).expect(409);
  });
});

describe('T6: food that nobody collects', () => {
  const noShow = ({ owner, order }: OrderScene) => app.request.post(pathOf(order, 'no-show')).set(owner.headers);

  it('is given up when its time is over, and its customer pays in full', async () => {
    const { order } = await waiting();
    const until = order.collectUntil ?? now();
    await fireDueTimers(addMs(until, -1));
    expect((await getStoredOrder(order._id)).status).toBe('ready');
    setClock({ frozenAt: until });
    await fireDueTimers(until);
    expect(await getStoredOrder(order._id)).toMatchObject({
      ...{ status: 'no_show', liableParty: 'customer', amountDueMinor: order.pricing.totalMinor },
    });
    expect((await expectSoundOrder(order._id)).at(-1)).toMatchObject({
      type: 'order.no_show',
      actor: { role: 'system' },
    });
  });

  it('is kept from the promised time on, however early the kitchen calls it ready', async () => {
    const promisedAt = addMs(now(), 3 * 3_600_000);
    const { order } = await sceneOf('ready', { ...COLLECTED, promisedAt });
    expect(order.collectUntil).toEqual(addMs(promisedAt, KEPT_MS));
    await fireDueTimers(addMs(promisedAt, KEPT_MS - 1));
    expect((await getStoredOrder(order._id)).status).toBe('ready');
  });

  it('may be given up by the restaurant when its time is over, and once', async () => {
    const scene = await waiting();
    const { order } = scene;
    const early = errorOf(await noShow(scene).expect(409));
    const until = order.collectUntil?.toISOString();
    expect(early).toMatchObject({ code: 'no_show_too_early', details: { until } });
    await OrderModel.updateOne({ _id: order._id }, { collectUntil: now() });
    const res = await noShow(scene).expect(200);
    expectContract(reportNoShowRoute, res);
    expect(res.body).toMatchObject({ status: 'no_show' });
    await noShow(scene).expect(200);
    expect(await OrderModel.findById(order._id).lean()).toMatchObject({ version: order.version + 1 });
  });

  it('is nothing that can be said of food that is brought', async () => {
    expect(errorOf(await noShow(await sceneOf('ready')).expect(409)).code).toBe('invalid_transition');
  });
});
