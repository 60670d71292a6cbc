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
  renewDeliveryPin,
  renewHandoverCode,
  type DeliveryCommand,
} from '../../../src/modules/deliveries/deliveries.service.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { handOverOrder } from '../../../src/modules/deliveries/handover.service.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { courierActor, createCourier } from '../../factories/courier.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createDeliveryAtPickup,
  createOfferingDelivery,
  customerActor,
  getStoredDelivery,
  getStoredOrder,
  idempotent,
  listStoredOffers,
  ownerActor,
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

/** A four-digit code that is not `code`. */
function otherThan(code: string, n = 1): string {
  return String((Number(code) + n) % 10_000).padStart(4, '0');
}

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

describe('the PIN', () => {
  it('counts down from five and then is locked, even for the right one', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const { _id, pin, orderId } = delivery;
    const left: unknown[] = [];
    for (let n = 1; n <= 5; n += 1) {
      const wrong = report(_id, { type: 'delivered', pin: otherThan(pin, n) }, courier);
      left.push(await wrong.catch((error: unknown) => error));
    }
    expect(left).toMatchObject([4, 3, 2, 1, 0].map((attemptsLeft) => ({ details: { attemptsLeft } })));
    const locked = { code: 'delivery_pin_locked' };
    await expect(report(_id, { type: 'delivered', pin: otherThan(pin) }, courier)).rejects.toMatchObject(locked);
    await expect(report(_id, { type: 'delivered', pin }, courier)).rejects.toMatchObject(locked);
    expect((await getStoredDelivery(orderId)).status).toBe('at_dropoff');
  });

  it('evaluates at most five of fifty guesses at once', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const guesses = Array.from({ length: 50 }, (_, n) =>
      report(delivery._id, { type: 'delivered', pin: otherThan(delivery.pin, n + 1) }, courier),
    );
    const codes = codesOf(await Promise.allSettled(guesses));
    expect(codes.filter((code) => code === 'delivery_pin_wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'delivery_pin_locked')).toHaveLength(45);
    expect((await getStoredDelivery(delivery.orderId)).pinTries).toBe(5);
  });

  it('opens again with a new PIN, and the old one is worth nothing', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const { _id, pin, orderId } = delivery;
    await deliveries().updateOne({ _id }, { $set: { pinTries: 5 } });
    const renewed = await renewDeliveryPin(orderId, customerActor(delivery));
    expect(renewed.pin).not.toBe(pin);
    await expect(report(_id, { type: 'delivered', pin }, courier)).rejects.toMatchObject({
      ...{ code: 'delivery_pin_wrong', details: { attemptsLeft: 4 } },
    });
    await report(_id, { type: 'delivered', pin: renewed.pin }, courier);
    expect((await getStoredDelivery(orderId)).status).toBe('delivered');
  });

  it('completes the order once when the right one is sent five times at once, and ever after', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const { _id, pin, orderId } = delivery;
    const sent = Array.from({ length: 5 }, () => report(_id, { type: 'delivered', pin }, courier));
    expect(new Set(codesOf(await Promise.allSettled(sent)))).toEqual(new Set(['ok']));
    expect((await typesOf(orderId)).filter((type) => type === 'order.delivered')).toHaveLength(1);
    await expect(report(_id, { type: 'delivered', pin: otherThan(pin) }, courier)).resolves.toMatchObject({
      answer: { status: 'delivered' },
    });
  });

  it('spends no try while the courier is not at the door', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    await expect(
      report(delivery._id, { type: 'delivered', pin: otherThan(delivery.pin) }, courier),
    ).rejects.toMatchObject({ code: 'invalid_transition' });
    expect((await getStoredDelivery(delivery.orderId)).pinTries).toBe(0);
  });

  it('is renewed by nobody but the customer, and not after the end', async () => {
    const { delivery, courier, step } = await createDeliveryAtDropoff();
    const { orderId } = delivery;
    for (const stranger of [customerActor({ customerId: newId() }), courierActor(courier)]) {
      await expect(renewDeliveryPin(orderId, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
    await step({ type: 'delivered', pin: delivery.pin });
    await expect(renewDeliveryPin(orderId, customerActor(delivery))).rejects.toMatchObject({
      ...{ code: 'invalid_transition', details: { status: 'delivered' } },
    });
  });
});

describe('handOverOrder', () => {
  it('picks up, with the steps that the kitchen left out', async () => {
    const { delivery } = await createDeliveryAtPickup();
    const owner = ownerActor(await getStoredOrder(delivery.orderId));
    const order = await handOverOrder({ orderId: delivery.orderId, code: delivery.handoverCode }, owner);
    expect(order).toMatchObject({ status: 'picked_up', deliveryStatus: 'picked_up' });
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ status: 'picked_up', pickedUpAt: START });
    const repeated = await handOverOrder({ orderId: delivery.orderId, code: '0000' }, owner);
    expect(repeated.eventSeq).toBe(order.eventSeq);
  });

  it('picks up once when the button is pressed five times at once', async () => {
    const { delivery } = await createDeliveryAtPickup();
    const { orderId, handoverCode: code } = delivery;
    const owner = ownerActor(await getStoredOrder(orderId));
    const pressed = Array.from({ length: 5 }, () => handOverOrder({ orderId, code }, owner));
    expect(new Set(codesOf(await Promise.allSettled(pressed)))).toEqual(new Set(['ok']));
    const types = await typesOf(orderId);
    expect(types.filter((type) => type === 'order.picked_up' || type === 'delivery.picked_up')).toHaveLength(2);
  });

  it('is refused while the courier is not there, or nobody comes yet', async () => {
    const { delivery } = await createAssignedDelivery();
    const owner = ownerActor(await getStoredOrder(delivery.orderId));
    const early = handOverOrder({ orderId: delivery.orderId, code: delivery.handoverCode }, owner);
    await expect(early).rejects.toMatchObject({ code: 'invalid_transition', details: { status: 'assigned' } });
    const lonely = await createOfferingDelivery();
    const other = ownerActor(await getStoredOrder(lonely.orderId));
    await expect(handOverOrder({ orderId: lonely.orderId, code: lonely.handoverCode }, other)).rejects.toMatchObject({
      code: 'invalid_transition',
    });
    expect((await getStoredDelivery(delivery.orderId)).handoverTries).toBe(0);
  });

  it('evaluates at most five of thirty guesses at once, until the courier shows a new code', async () => {
    const { delivery, actor } = await createDeliveryAtPickup();
    const { orderId, handoverCode } = delivery;
    const owner = ownerActor(await getStoredOrder(orderId));
    const guesses = Array.from({ length: 30 }, (_, n) =>
      handOverOrder({ orderId, code: otherThan(handoverCode, n + 1) }, owner),
    );
    const codes = codesOf(await Promise.allSettled(guesses));
    expect(codes.filter((code) => code === 'handover_code_wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'handover_code_locked')).toHaveLength(25);
    const renewed = await renewHandoverCode(delivery._id, actor);
    expect(renewed.handoverCode).not.toBe(handoverCode);
    const order = await handOverOrder({ orderId, code: renewed.handoverCode }, owner);
    expect(order.status).toBe('picked_up');
  });

  it('is not found for anybody but the owner', async () => {
    const { delivery, actor } = await createDeliveryAtPickup();
    const { orderId, handoverCode: code } = delivery;
    const strangers = [ownerActor({ ownerId: newId() }), customerActor(delivery), actor];
    for (const stranger of strangers) {
      await expect(handOverOrder({ orderId, code }, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('getCurrentDelivery', () => {
  it('is what the courier has in hand, and nothing afterwards', async () => {
    const { delivery, actor, step } = await createDeliveryAtDropoff();
    expect(await getCurrentDelivery(actor)).toMatchObject({ _id: delivery._id, status: 'at_dropoff' });
    await step({ type: 'delivered', pin: delivery.pin });
    await expect(getCurrentDelivery(actor)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('renewHandoverCode', () => {
  it('is for the courier at work on it, until the food is handed over', async () => {
    const { delivery, actor } = await createDeliveryAtDropoff();
    await expect(renewHandoverCode(delivery._id, actor)).rejects.toMatchObject({ code: 'invalid_transition' });
    const stranger = courierActor(await createCourier());
    await expect(renewHandoverCode(delivery._id, stranger)).rejects.toMatchObject({ code: 'not_found' });
  });
});
