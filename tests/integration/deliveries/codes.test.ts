import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import {
  recordDeliveryEvent,
  renewDeliveryPin,
  renewHandoverCode,
  type DeliveryCommand,
} from '../../../src/modules/deliveries/deliveries.service.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { handOverOrder } from '../../../src/modules/deliveries/handover.service.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
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

  it('opens no door once the customer has shown a new one, however close the two come', async () => {
    for (let n = 0; n < 8; n += 1) {
      const { delivery, courier } = await createDeliveryAtDropoff();
      const { _id, pin, orderId } = delivery;
      const results = await Promise.allSettled([
        report(_id, { type: 'delivered', pin }, courier),
        renewDeliveryPin(orderId, customerActor(delivery)),
      ]);
      expect(codesOf(results).sort()).toEqual([
        results[0].status === 'fulfilled' ? 'invalid_transition' : 'delivery_pin_wrong',
        'ok',
      ]);
      await couriers().deleteMany({});
    }
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
    expect(repeated.lastSeq).toBe(order.lastSeq);
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

describe('renewHandoverCode', () => {
  it('is for the courier at work on it, until the food is handed over', async () => {
    const { delivery, actor } = await createDeliveryAtDropoff();
    await expect(renewHandoverCode(delivery._id, actor)).rejects.toMatchObject({ code: 'invalid_transition' });
    const stranger = courierActor(await createCourier());
    await expect(renewHandoverCode(delivery._id, stranger)).rejects.toMatchObject({ code: 'not_found' });
  });
});
