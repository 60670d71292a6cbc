import '../setup/with-local-cloud.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Quote } from '../../scripts/demo/bodies.ts';
import type { Answer } from '../../scripts/demo/player.ts';
import type { ErrorBody } from '../../src/errors/index.ts';
import { StockClaimModel } from '../../src/modules/menu/stock/stock-claim.model.ts';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { OrderModel } from '../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import { KitchenSlotModel } from '../../src/modules/restaurants/kitchen-slot.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { ReviewModel } from '../../src/modules/reviews/review.model.ts';
import { now } from '../../src/shared/clock.ts';
import { buildDeliveredOrder } from '../factories/delivered-order.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { sendWebhooksTo, takeQuote, tryPlacing } from '../support/order-path.ts';
import { startApi } from '../support/processes.ts';

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

const baseFor = (index: number): string => bases[index % bases.length] ?? '';
const codeOf = ({ body }: Answer<unknown>) => (body as Partial<ErrorBody>).error?.code;

/** With a quote each for three portions. */
async function buyers(count: number): Promise<{ person: Person; quote: Quote }[]> {
  const found: { person: Person; quote: Quote }[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await newPerson();
    found.push({ person, quote: await takeQuote(person.at(baseFor(index)), restaurant) });
  }
  return found;
}

/** All press the button in the same moment, through two processes. */
function pressAll(all: readonly { person: Person; quote: Quote }[]) {
  return atOnce(bases, all.length, (index) => {
    const { person, quote } = all[index] ?? {};
    if (person === undefined || quote === undefined) throw new Error('nobody stands here');
    return tryPlacing(person.at(baseFor(index)), quote.id);
  });
}

describe('case 39: what is there a few times is sold a few times', () => {
  it('fifty buyers of three portions each get the fifteen that are left: five orders', async () => {
    await MenuItemModel.collection.updateOne({ _id: restaurant.itemId as never }, { $set: { stock: 150 } });
    const all = await buyers(50);
    await MenuItemModel.collection.updateOne({ _id: restaurant.itemId as never }, { $set: { stock: 15 } });
    const answers = await pressAll(all);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual(Array(45).fill([422, 'out_of_stock']));
    expect(await MenuItemModel.findById(restaurant.itemId).lean()).toMatchObject({ stock: 0 });
    const customers = all.map(({ person }) => person.userId);
    const theirs = { customerId: { $in: customers } };
    expect(await OrderModel.collection.countDocuments(theirs)).toBe(5);
    expect(await PaymentModel.collection.countDocuments(theirs)).toBe(5);
    expect(await StockClaimModel.collection.countDocuments({ restaurantId: restaurant.restaurantId })).toBe(5);
    await MenuItemModel.collection.updateOne({ _id: restaurant.itemId as never }, { $set: { stock: null } });
  }, 180_000);

  it('thirty buyers of one slot of a kitchen that begins four orders in it: four orders', async () => {
    const capacity = { slotMinutes: 60, maxOrders: 30 };
    await RestaurantModel.updateOne({ _id: restaurant.restaurantId }, { capacity });
    const all = await buyers(30);
    await RestaurantModel.updateOne({ _id: restaurant.restaurantId }, { capacity: { ...capacity, maxOrders: 4 } });
    const answers = await pressAll(all);
    // Where an hour ends meanwhile, each of the two slots holds four.
    const slots = await KitchenSlotModel.find().lean();
    expect(slots.every(({ taken }) => taken <= 4)).toBe(true);
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(slots.reduce((sum, { taken }) => sum + taken, 0));
    expect(placed.length).toBeGreaterThanOrEqual(4);
    await RestaurantModel.updateOne({ _id: restaurant.restaurantId }, { capacity: null });
  }, 120_000);

  it('twenty reviews of one order at once are one, and its stars are counted once', async () => {
    const person = await newPerson();
    const { restaurantId } = restaurant;
    const order = { ...buildDeliveredOrder(), customerId: person.userId, restaurantId, endedAt: now() };
    await OrderModel.collection.insertOne(order as never);
    const before = await RestaurantModel.findById(restaurant.restaurantId).lean();
    const body = { foodStars: 5, deliveryStars: 4 };
    const answers = await atOnce(bases, 20, (index) =>
      person.at(baseFor(index)).try('PUT', `/orders/${order._id}/review`, { body }),
    );
    expect(answers.some(({ status }) => status < 300)).toBe(true);
    expect(answers.every(({ status }) => status < 300 || status === 409)).toBe(true);
    expect(await ReviewModel.countDocuments({ orderId: order._id })).toBe(1);
    const after = await RestaurantModel.findById(restaurant.restaurantId).lean();
    expect((after?.rating.count ?? 0) - (before?.rating.count ?? 0)).toBe(1);
  });
});
