import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { IdempotencyKeyModel } from '../../../src/infra/mongo/idempotency.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import {
  getCurrentDelivery,
  recordDeliveryEvent,
  type DeliveryCommand,
} from '../../../src/modules/deliveries/deliveries.service.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { courierActor, createCourier } from '../../factories/courier.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createDeliveryAtPickup,
  getStoredDelivery,
  getStoredOrder,
  idempotent,
  listStoredOffers,
} from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const START = new Date('2026-11-20T12:00:00.000Z');

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

function report(deliveryId: string, command: DeliveryCommand, actor: { _id: string }) {
  const courier = courierActor(actor);
  const idempotency = idempotent(courier, 'recordDeliveryEvent');
  return recordDeliveryEvent({ deliveryId, command, idempotency }, courier);
}

function codesOf(results: readonly PromiseSettledResult<unknown>[]): string[] {
  return results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code));
}

async function typesOf(orderId: string): Promise<string[]> {
  const events = await OrderEventModel.find({ orderId }).sort({ seq: 1 }).lean();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ type }) => type);
}

describe('the whole way', () => {
  it('is one log without a gap, from the order to the door', async () => {
    const { delivery, courier, step } = await createDeliveryAtDropoff();
    await step({ type: 'delivered', pin: delivery.pin });
    expect(await typesOf(delivery.orderId)).toEqual([
      ...['order.created', 'order.placed', 'order.accepted', 'delivery.created', 'delivery.offering'],
      ...['delivery.assigned', 'delivery.en_route_to_pickup', 'delivery.at_pickup'],
      ...['order.preparing', 'order.ready', 'order.picked_up', 'delivery.picked_up'],
      ...['delivery.at_dropoff', 'delivery.delivered', 'order.delivered'],
    ]);
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({
      ...{ status: 'delivered', deliveryStatus: 'delivered', courierId: courier._id },
    });
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ status: 'delivered', endedAt: START });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
  });

  it('leaves neither PIN nor code nor address in events, outbox or stored answers', async () => {
    const { delivery, step } = await createDeliveryAtDropoff();
    await step({ type: 'delivered', pin: delivery.pin });
    const { pin, handoverCode } = delivery;
    const rows = [await OrderEventModel.find().lean(), await OutboxModel.find().lean()];
    const answers = await IdempotencyKeyModel.find({ operation: 'recordDeliveryEvent' }).lean();
    const written = JSON.stringify([...rows, answers.map(({ answer }) => answer)]);
    expect(written).not.toContain(`"${pin}"`);
    expect(written).not.toContain(`"${handoverCode}"`);
    expect(written).not.toContain('Lighthouse');
  });
});

describe('recordDeliveryEvent', () => {
  it('takes the steps in order and no other', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    const refused = { code: 'invalid_transition', details: { status: 'assigned' } };
    await expect(report(delivery._id, { type: 'arrived_pickup' }, courier)).rejects.toMatchObject(refused);
    await expect(report(delivery._id, { type: 'arrived_dropoff' }, courier)).rejects.toMatchObject(refused);
    await expect(report(delivery._id, { type: 'delivered', pin: delivery.pin }, courier)).rejects.toMatchObject(
      refused,
    );
    await report(delivery._id, { type: 'en_route_pickup' }, courier);
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({ deliveryStatus: 'en_route_to_pickup' });
  });

  it('answers a step that is taken unchanged', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    const first = await report(delivery._id, { type: 'en_route_pickup' }, courier);
    const second = await report(delivery._id, { type: 'en_route_pickup' }, courier);
    expect(second.answer).toEqual(first.answer);
    const types = await typesOf(delivery.orderId);
    expect(types.filter((type) => type === 'delivery.en_route_to_pickup')).toHaveLength(1);
  });

  it('takes a step once when it is reported ten times at once', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    const reports = Array.from({ length: 10 }, () => report(delivery._id, { type: 'en_route_pickup' }, courier));
    expect(new Set(codesOf(await Promise.allSettled(reports)))).toEqual(new Set(['ok']));
    const types = await typesOf(delivery.orderId);
    expect(types.filter((type) => type === 'delivery.en_route_to_pickup')).toHaveLength(1);
  });

  it('is not found for another courier', async () => {
    const { delivery } = await createDeliveryAtDropoff();
    const stranger = await createCourier();
    for (const command of [
      { type: 'en_route_pickup' },
      { type: 'released' },
      { type: 'delivered', pin: delivery.pin },
    ] as const) {
      await expect(report(delivery._id, command, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await getStoredDelivery(delivery.orderId)).pinTries).toBe(0);
  });
});

describe('released', () => {
  it('frees the courier and looks for another, under another code', async () => {
    const { delivery, courier } = await createDeliveryAtPickup();
    const other = await createCourier();
    await report(delivery._id, { type: 'released' }, courier);
    const released = await getStoredDelivery(delivery.orderId);
    expect(released).toMatchObject({ status: 'unassigned', courierId: null, releasedBy: [courier._id] });
    expect(released.handoverCode).not.toBe(delivery.handoverCode);
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({ courierId: null, deliveryStatus: 'unassigned' });
    await fireDueTimers(now());
    const open = (await listStoredOffers(delivery._id)).filter(({ status }) => status === 'pending');
    expect(open.map(({ courierId }) => courierId)).toEqual([other._id]);
  });

  it('never asks the courier again who gave it back', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    await report(delivery._id, { type: 'released' }, courier);
    for (let n = 0; n < 8; n += 1) {
      setClock({ frozenAt: addMs(now(), config.dispatch.offerTtlSeconds * 1000) });
      await couriers().updateMany({}, { $set: { locationAt: now() } });
      await fireDueTimers(now());
    }
    expect(await listStoredOffers(delivery._id)).toHaveLength(1);
  });

  it('is refused once the food is in hand', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    await expect(report(delivery._id, { type: 'released' }, courier)).rejects.toMatchObject({
      code: 'invalid_transition',
    });
  });
});

describe('getCurrentDelivery', () => {
  it('is what the courier has in hand, and nothing afterwards', async () => {
    const { delivery, actor, step } = await createDeliveryAtDropoff();
    expect(await getCurrentDelivery(actor)).toMatchObject({ delivery: { _id: delivery._id, status: 'at_dropoff' } });
    await step({ type: 'delivered', pin: delivery.pin });
    await expect(getCurrentDelivery(actor)).rejects.toMatchObject({ code: 'not_found' });
  });
});
