import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedCity, seedHistory } from '../../../scripts/sample-city/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { DeliveryModel } from '../../../src/modules/deliveries/delivery.model.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(async () => {
  await bootstrap();
  await seedCity({ profile: 'tiny' });
  await seedHistory({ profile: 'tiny' });
});
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

describe('the history of the sample city', () => {
  it('holds 200 orders that have ended, most of them at a door', async () => {
    const orders = await OrderModel.find().lean();
    expect(orders).toHaveLength(200);
    expect(orders.every(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(orders.filter(({ status }) => status === 'delivered').length).toBeGreaterThan(160);
    expect(new Set(orders.map(({ status }) => status)).size).toBeGreaterThan(2);
  });

  it('logs each order without a gap, and the last events say where it stands', async () => {
    for (const order of await OrderModel.find().lean()) {
      const events = await OrderEventModel.find({ orderId: order._id }).sort({ seq: 1 }).lean();
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: order.eventSeq }, (_, index) => index + 1));
      const last = (key: string) => events.findLast(({ data }) => key in data)?.data[key];
      expect([last('status'), last('paymentStatus')]).toEqual([order.status, order.paymentStatus]);
      expect(last('deliveryStatus') ?? null).toBe(order.deliveryStatus);
      expect(events.filter(({ type, data }) => type.startsWith('order.') && 'status' in data)).toHaveLength(
        order.version,
      );
    }
  });

  it('is paid to the last paisa: the payment is the total, taken once the kitchen has accepted', async () => {
    const payments = new Map((await PaymentModel.find().lean()).map((row) => [row.orderId, row]));
    for (const { _id, status, pricing, paymentStatus, currency } of await OrderModel.find().lean()) {
      const payment = payments.get(_id);
      expect(payment).toMatchObject({ status: paymentStatus, amountMinor: pricing.totalMinor, currency });
      const { itemsMinor, deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor } = pricing;
      const { taxMinor, tipMinor, pricesIncludeTax } = pricing;
      const feesMinor = deliveryFeeMinor + serviceFeeMinor + packagingFeeMinor + smallOrderFeeMinor;
      const sum = itemsMinor + feesMinor + tipMinor + (pricesIncludeTax ? 0 : taxMinor);
      expect(pricing.totalMinor).toBe(sum);
      if (status === 'delivered') expect(payment?.amountCapturedMinor).toBe(pricing.totalMinor);
      else expect(payment?.amountRefundedMinor).toBe(payment?.amountCapturedMinor);
    }
  });

  it('has every courier at one door at a time', async () => {
    const trips = await DeliveryModel.find({ status: 'delivered' }).sort({ assignedAt: 1 }).lean();
    for (const own of Map.groupBy(trips, ({ courierId }) => courierId).values()) {
      own.slice(1).forEach((trip, index) => {
        expect(Number(trip.assignedAt)).toBeGreaterThanOrEqual(Number(own[index]?.endedAt));
      });
    }
  });

  it('rates each restaurant by the reviews that are shown, with some answered and some odd', async () => {
    const reviews = await ReviewModel.find().lean();
    for (const { _id, rating } of await RestaurantModel.find().lean()) {
      const stars = reviews.filter((row) => row.restaurantId === _id && !row.isHidden).map((row) => row.foodStars);
      const sum = stars.reduce((a, b) => a + b, 0);
      const average = stars.length === 0 ? 0 : Math.round((sum / stars.length) * 100) / 100;
      expect(rating).toEqual({ sum, count: stars.length, average });
    }
    expect(reviews.some(({ reply }) => reply !== null)).toBe(true);
    expect(reviews.some(({ text }) => text?.startsWith('=HYPERLINK(') === true)).toBe(true);
  });

  it('is written once, and what was lost of it comes back the same', async () => {
    expect(await seedHistory({ profile: 'tiny' })).toEqual({ isNew: false, written: 0 });
    const before = await OrderModel.find().sort({ _id: 1 }).lean();
    const [lost] = before;
    await OrderModel.deleteOne({ _id: lost?._id ?? '' });
    await OrderModel.db.collection('sample_city').updateMany({}, { $set: { blocks: [] } });
    expect(await seedHistory({ profile: 'tiny' })).toEqual({ isNew: true, written: 1 });
    expect(await OrderModel.find().sort({ _id: 1 }).lean()).toEqual(before);
  });
});
