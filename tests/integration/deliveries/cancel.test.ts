import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { cancelDelivery } from '../../../src/modules/deliveries/dispatch.service.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, setClock } from '../../../src/shared/clock.ts';
import { createCouriersAt } from '../../factories/courier.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createOfferingDelivery,
  getStoredDelivery,
  getStoredOrder,
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

describe('cancelDelivery', () => {
  it('frees the courier, takes back offers, stops timers, and says so in the log', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    await OrderModel.updateOne({ _id: delivery.orderId }, { status: 'cancelled' });
    await cancelDelivery(delivery.orderId);
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ status: 'cancelled', endedAt: START });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    const last = await OrderEventModel.findOne({ orderId: delivery.orderId }).sort({ seq: -1 }).lean();
    expect(last?.type).toBe('delivery.cancelled');
  });

  it('takes back open offers', async () => {
    await createCouriersAt(100, 200);
    const { _id, orderId } = await createOfferingDelivery();
    await cancelDelivery(orderId);
    expect((await listStoredOffers(_id)).map(({ status }) => status)).toEqual(['withdrawn', 'withdrawn']);
    setClock({ frozenAt: addMs(START, 60_000) });
    expect(await fireDueTimers(addMs(START, 60_000))).toBe(0);
    expect(await listStoredOffers(_id)).toHaveLength(2);
  });

  it('of food on the road: the courier brings it back, paid for the way without the tip, and is free when it is taken back', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const { orderId } = delivery;
    await OrderModel.updateOne({ _id: orderId }, { status: 'cancelled', liableParty: 'platform', amountDueMinor: 0 });
    await cancelDelivery(orderId);
    await cancelDelivery(orderId);
    const returning = await getStoredDelivery(orderId);
    expect(returning).toMatchObject({ status: 'returning', endedAt: null });
    expect(returning.handoverCode).not.toBe(delivery.handoverCode);
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: delivery._id });
    const { pricing, courierFeeMinor, deliveryStatus } = await getStoredOrder(orderId);
    expect({ courierFeeMinor, deliveryStatus }).toEqual({
      courierFeeMinor: delivery.feeMinor - pricing.tipMinor,
      deliveryStatus: 'returning',
    });
    const last = await OrderEventModel.find({ orderId }).sort({ seq: -1 }).limit(2).lean();
    expect(last.map(({ type }) => type)).toEqual(['delivery.returning', 'delivery.failed']);
  });

  it('changes nothing the second time, nor where there is no delivery', async () => {
    const { orderId } = await createOfferingDelivery();
    await cancelDelivery(orderId);
    const version = (await getStoredDelivery(orderId)).version;
    await cancelDelivery(orderId);
    await cancelDelivery('f'.repeat(24));
    expect((await getStoredDelivery(orderId)).version).toBe(version);
  });
});
