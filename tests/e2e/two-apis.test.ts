import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import type { Answer } from '../../scripts/demo/player.ts';
import type { Assignment, Order } from '../../scripts/demo/bodies.ts';
import { book } from '../../scripts/local-cloud/control-client.ts';
import type { ErrorBody } from '../../src/errors/index.ts';
import { QuoteModel } from '../../src/modules/checkout/quote.model.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { DeliveryModel } from '../../src/modules/deliveries/delivery.model.ts';
import { OfferModel } from '../../src/modules/deliveries/offer.model.ts';
import { OrderModel } from '../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { buildCourier } from '../factories/courier.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOutbox,
  takeQuote,
  tryAccepting,
  tryPlacing,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

const TWENTY = 20;

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([
    startApi(),
    startApi(),
    startWorker({ OFFERS_PER_ROUND: String(TWENTY) }),
  ]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

function baseFor(index: number): string {
  return bases[index % bases.length] ?? '';
}

function codeOf({ body }: Answer<unknown>): string | undefined {
  return (body as Partial<ErrorBody>).error?.code;
}

it('twenty POST /orders with one key through two APIs make one order, one payment, one intent and one answer', async () => {
  const customer = await newPerson();
  const quote = await takeQuote(customer.at(baseFor(0)), restaurant);
  const intentsBefore = (await book(localCloud.stripeUrl)).intents.length;
  const key = randomUUID();
  const answers = await atOnce(bases, TWENTY, (index) => tryPlacing(customer.at(baseFor(index)), quote.id, key));

  expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(201));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.body.payment.clientSecret).toMatch(/_secret_/);
  const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
  expect(replayed).toHaveLength(TWENTY - 1);

  const orderId = answers[0]?.body.id ?? '';
  expect(await OrderModel.countDocuments({ customerId: customer.userId })).toBe(1);
  expect(await PaymentModel.countDocuments({ customerId: customer.userId })).toBe(1);
  expect(await keysOf(customer)).toBe(1);
  expect(await storedLog(orderId)).toEqual(['order.created']);
  expect((await storedOutbox(orderId)).map(({ event }) => event)).toEqual(['order.created']);
  expect((await book(localCloud.stripeUrl)).intents).toHaveLength(intentsBefore + 1);
  expect(await bookOf(orderId)).toMatchObject({ amount: quote.pricing.total.amount, authorized: 0 });
});

it('twenty keys with one quote through two APIs make one order, and nineteen refusals', async () => {
  const customer = await newPerson();
  const quote = await takeQuote(customer.at(baseFor(0)), restaurant);
  const answers = await atOnce(bases, TWENTY, (index) => tryPlacing(customer.at(baseFor(index)), quote.id));

  const placed = answers.filter(({ status }) => status === 201);
  expect(placed).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual(Array(19).fill([409, 'quote_used']));
  expect(await OrderModel.countDocuments({ customerId: customer.userId })).toBe(1);
  expect(await PaymentModel.countDocuments({ customerId: customer.userId })).toBe(1);
  // A refusal leaves no key behind: the customer may send it again with another quote.
  expect(await keysOf(customer)).toBe(1);
  await bookOf(placed[0]?.body.id ?? '');
});

it('twenty couriers accepting one delivery through two APIs have one winner, and nineteen who hear that it is taken', async () => {
  const couriers = await standTwentyCouriersAtTheDoor();
  const { order } = await placePaidOrder(baseFor(0), restaurant);
  const owner = restaurant.owner.at(baseFor(1));
  expect((await tryAccepting(owner, order.id)).status).toBe(200);
  expect((await owner.try<Order>('POST', `/orders/${order.id}/ready`)).status).toBe(200);
  const offers = await eventually(async () => {
    const rows = await OfferModel.find({ orderId: order.id, status: 'pending' }).lean();
    expect(rows).toHaveLength(TWENTY);
    return rows;
  });

  const answers = await atOnce(bases, TWENTY, async (index) => {
    const { _id, courierId } = offers[index] ?? { _id: '', courierId: '' };
    const courier = couriers.get(courierId)?.at(baseFor(index));
    const answer = await courier?.try<Assignment>('POST', `/offers/${_id}/accept`, { idempotencyKey: randomUUID() });
    return { courierId, status: answer?.status, code: answer === undefined ? '' : codeOf(answer) };
  });

  const winners = answers.filter(({ status }) => status === 200);
  expect(winners).toHaveLength(1);
  const others = answers.filter(({ status }) => status !== 200);
  expect(others.map(({ status, code }) => [status, code])).toEqual(Array(19).fill([409, 'offer_taken']));

  const winnerId = winners[0]?.courierId;
  expect(await DeliveryModel.find({ orderId: order.id }).lean()).toMatchObject([
    { courierId: winnerId, status: 'assigned' },
  ]);
  const busy = await CourierModel.collection.find({ activeDeliveryId: { $ne: null } }).toArray();
  expect(busy.map(({ _id }) => String(_id))).toEqual([winnerId]);
  expect(await OfferModel.countDocuments({ orderId: order.id, status: 'accepted' })).toBe(1);
  expect(await OfferModel.countDocuments({ orderId: order.id, status: 'pending' })).toBe(0);
  expect((await storedLog(order.id)).filter((type) => type === 'delivery.assigned')).toHaveLength(1);
  await outboxDone(order.id);
  const { captured, captureCount, amount } = await bookOf(order.id);
  expect({ captured, captureCount }).toEqual({ captured: amount, captureCount: 1 });
});

/** The quote that was bought keeps the key. */
function keysOf({ userId }: Person): Promise<number> {
  return QuoteModel.collection.countDocuments({ customerId: userId, 'purchase.keyHash': { $gt: '' } });
}

/** By user id. All at the restaurant's own door, so that nobody is nearer. */
async function standTwentyCouriersAtTheDoor(): Promise<Map<string, Person>> {
  const { location } = (await RestaurantModel.findById(restaurant.restaurantId).lean()) ?? {};
  if (location === undefined) throw new Error('the restaurant is nowhere');
  const people = await Promise.all(Array.from({ length: TWENTY }, () => newPerson({ roles: ['courier'] })));
  await CourierModel.insertMany(people.map(({ userId }) => buildCourier({ _id: userId, location })));
  return new Map(people.map((person) => [person.userId, person]));
}
