import '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QuoteModel } from '../../src/modules/checkout/quote.model.ts';
import type { OrderStatus } from '../../src/modules/orders/index.ts';
import { secondsFromNow } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { createAssignedDelivery, createDeliveryAtDropoff, createDeliveryAtPickup } from '../factories/delivery.ts';
import { createOrderIn, getStoredOrder } from '../factories/order.ts';
import { createCapturedOrder } from '../factories/refund.ts';
import { createQuote } from '../factories/quote.ts';
import { buildAddress } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { fillCart, quoteFor } from '../support/checkout.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { createKitchen } from '../support/kitchen.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { expectSoundOrder } from '../support/order-log.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function post({ headers }: Login, path: string, body: object = {}) {
  return app.request
    .post(`/api/v1${path}`)
    .set({ ...headers, 'Idempotency-Key': newId() })
    .send(body);
}

const STEPS = {
  accept: { prepMinutes: 15 },
  reject: { reason: 'too_busy' },
  preparing: {},
  ready: {},
  handover: { code: '1234' },
} as const;

/** The restaurant's step before its time, or after it. */
const TOO_EARLY: [keyof typeof STEPS, OrderStatus][] = [
  ['accept', 'pending_payment'],
  ['reject', 'pending_payment'],
  ['preparing', 'pending_payment'],
  ['ready', 'pending_payment'],
  ['handover', 'pending_payment'],
  ['preparing', 'placed'],
  ['ready', 'placed'],
  ['handover', 'placed'],
  ['handover', 'ready'],
  ['reject', 'accepted'],
  ['accept', 'cancelled'],
  ['accept', 'expired'],
  ['accept', 'rejected'],
  ['accept', 'delivered'],
  ['ready', 'delivered'],
  ['reject', 'delivered'],
];

describe('case 20: a step that is skipped', () => {
  it.each(TOO_EARLY)('%s of an order that is %s is 409, and nothing is written', async (step, status) => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const order = await createOrderIn(status, { ownerId: owner.userId });
    const before = await hashDatabase();
    const body = step === 'preparing' || step === 'ready' ? undefined : STEPS[step];
    const res = await post(owner, `/orders/${order._id}/${step}`, body);
    expect([res.status, errorOf(res).code], res.text).toEqual([409, 'invalid_transition']);
    expect(await hashDatabase()).toEqual(before);
    await expectSoundOrder(order._id);
  });

  it.each(['preparing', 'ready', 'picked_up', 'delivered', 'rejected', 'expired'] as const)(
    'cancelling an order that is %s is 409, and its totals stand',
    async (status) => {
      const customer = await logInAs();
      const order = await createOrderIn(status, { customerId: customer.userId });
      const before = await hashDatabase();
      const res = await post(customer, `/orders/${order._id}/cancel`);
      expect([res.status, errorOf(res).code]).toEqual([409, 'invalid_transition']);
      expect((await getStoredOrder(order._id)).pricing).toEqual(order.pricing);
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it.each(['accept', 'preparing', 'ready', 'handover'] as const)(
    'a customer may not %s the own order',
    async (step) => {
      const customer = await logInAs();
      const order = await createOrderIn('placed', { customerId: customer.userId });
      expect((await post(customer, `/orders/${order._id}/${step}`, STEPS[step])).status).toBe(403);
    },
  );

  it('the courier neither delivers nor arrives at the door before the food is handed over', async () => {
    const courier = await logInAs({ roles: ['courier'] });
    for (const create of [createAssignedDelivery, createDeliveryAtPickup]) {
      const { delivery } = await create({}, { _id: courier.userId });
      const path = `/deliveries/${delivery._id}/events`;
      const before = await hashDatabase();
      for (const body of [{ type: 'delivered', pin: delivery.pin }, { type: 'arrived_dropoff' }]) {
        const res = await post(courier, path, body);
        expect([res.status, errorOf(res).code], res.text).toEqual([409, 'invalid_transition']);
      }
      expect(await hashDatabase()).toEqual(before);
      await emptyCollections();
      Object.assign(courier, await logInAs({ roles: ['courier'] }));
    }
  });

  it('the restaurant hands nothing over before the courier stands there, whatever the code', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { delivery } = await createAssignedDelivery({ ownerId: owner.userId });
    const before = await hashDatabase();
    const res = await post(owner, `/orders/${delivery.orderId}/handover`, { code: delivery.handoverCode });
    expect([res.status, errorOf(res).code]).toEqual([409, 'invalid_transition']);
    expect(await hashDatabase()).toEqual(before);
  });

  it('nothing is released, or delivered once more, after the delivery', async () => {
    const courier = await logInAs({ roles: ['courier'] });
    const { delivery, step } = await createDeliveryAtDropoff({}, { _id: courier.userId });
    await step({ type: 'delivered', pin: delivery.pin });
    const path = `/deliveries/${delivery._id}/events`;
    for (const type of ['released', 'arrived_pickup', 'arrived_dropoff', 'en_route_pickup']) {
      const res = await post(courier, path, { type });
      expect([type, res.status, errorOf(res).code]).toEqual([type, 409, 'invalid_transition']);
    }
    await expectSoundOrder(delivery.orderId);
  });

  it('nobody refunds more than was captured, in one step or in many at once', async () => {
    const support = await logInAs({ roles: ['support'] });
    const order = await createCapturedOrder();
    const { totalMinor } = order.pricing;
    const body = { amountMinor: totalMinor, reason: 'late', liableParty: 'platform' };
    const before = await hashDatabase();
    const tooMuch = await post(support, `/orders/${order._id}/refunds`, { ...body, amountMinor: totalMinor + 1 });
    expect([tooMuch.status, errorOf(tooMuch).code]).toEqual([422, 'refund_exceeds_captured']);
    expect(await hashDatabase()).toEqual(before);
    const all = await Promise.all([1, 2, 3, 4].map(() => post(support, `/orders/${order._id}/refunds`, body)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422]);
    expect((await getStoredOrder(order._id)).pricing).toEqual(order.pricing);
  });

  it('of an order that nobody captured nothing is refunded', async () => {
    const support = await logInAs({ roles: ['support'] });
    const order = await createOrderIn('placed');
    const body = { amountMinor: 1, reason: 'late', liableParty: 'platform' };
    const res = await post(support, `/orders/${order._id}/refunds`, body);
    expect([res.status, errorOf(res).code]).toEqual([422, 'refund_exceeds_captured']);
  });

  it('nothing is refunded by who may not', async () => {
    const customer = await logInAs();
    const order = await createCapturedOrder({ customerId: customer.userId });
    const body = { amountMinor: 1, reason: 'late', liableParty: 'platform' };
    expect((await post(customer, `/orders/${order._id}/refunds`, body)).status).toBe(403);
  });

  it.each(['placed', 'accepted', 'picked_up', 'cancelled', 'rejected'] as const)(
    'an order that is %s is not reviewed, and one of nobody neither',
    async (status) => {
      const customer = await logInAs();
      const order = await createOrderIn(status, { customerId: customer.userId });
      const before = await hashDatabase();
      const review = (orderId: string) =>
        app.request.put(`/api/v1/orders/${orderId}/review`).set(customer.headers).send({ foodStars: 5 });
      const res = await review(order._id);
      expect([409, 422], res.text).toContain(res.status);
      expect((await review(newId())).status).toBe(404);
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it.each(['feeMinor', 'liableParty', 'refundMinor', 'amountDueMinor', 'totalMinor'])(
    'a customer who cancels does not say %s',
    async (key) => {
      const customer = await logInAs();
      const order = await createOrderIn('accepted', { customerId: customer.userId });
      const before = await hashDatabase();
      const value = key === 'liableParty' ? 'platform' : 0;
      const res = await post(customer, `/orders/${order._id}/cancel`, { [key]: value });
      expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it('a kitchen that amends an order does not say what it costs, and the customer not what is left', async () => {
    const [customer, owner] = await Promise.all([logInAs(), logInAs({ roles: ['restaurant'] })]);
    const order = await createOrderIn('accepted', { customerId: customer.userId, ownerId: owner.userId });
    const change = { kind: 'remove', lineId: order.items[0]?.lineId };
    const before = await hashDatabase();
    for (const [login, path, body] of [
      [owner, 'amendments', { changes: [{ ...change, priceMinor: 1 }] }],
      [owner, 'amendments', { changes: [change], totalMinor: 1 }],
      [customer, `amendments/${newId()}/respond`, { answer: 'accepted', totalMinor: 1 }],
    ] as const) {
      const res = await post(login, `/orders/${order._id}/${path}`, body);
      expect([path, res.status, errorOf(res).code]).toEqual([path, 400, 'validation_failed']);
    }
    expect(await hashDatabase()).toEqual(before);
  });

  it('a quote buys one order, and none once it has expired', async () => {
    const customer = await logInAs();
    const { _id: quoteId } = await quoteFor(await createKitchen(), customer.userId);
    const body = { quoteId, paymentMethod: 'card' };
    await post(customer, '/orders', body).expect(201);
    const second = await post(customer, '/orders', body);
    expect([second.status, errorOf(second).code]).toEqual([409, 'quote_used']);
    const old = await createQuote({ customerId: customer.userId, expiresAt: secondsFromNow(-1) });
    const before = await hashDatabase();
    const late = await post(customer, '/orders', { quoteId: old._id, paymentMethod: 'card' });
    expect([late.status, errorOf(late).code]).toEqual([422, 'quote_expired']);
    expect(await hashDatabase()).toEqual(before);
  });
});

const MONEY = [
  'price',
  'priceMinor',
  'unitPriceMinor',
  'deliveryFeeMinor',
  'serviceFeeMinor',
  'taxMinor',
  'totalMinor',
];

describe('case 20: a price or fee that the client sends', () => {
  it.each([...MONEY, 'pricing', 'totals', 'discountMinor', 'currency', 'signature'])(
    '%s is refused in cart, quote and order, and nothing is written',
    async (key) => {
      const address = buildAddress();
      const customer = await logInAs({ addresses: [address] });
      const kitchen = await createKitchen();
      await fillCart(kitchen, customer.userId);
      const quote = await createQuote({ customerId: customer.userId });
      const line = { restaurantId: kitchen.restaurantId, itemId: kitchen.lassi.id, quantity: 1, optionIds: [] };
      const before = await hashDatabase();
      for (const [path, body] of [
        ['/cart/items', line],
        ['/quotes', { addressId: address._id }],
        ['/orders', { quoteId: quote._id, paymentMethod: 'card' }],
      ] as const) {
        const res = await post(customer, path, { ...body, [key]: 1 });
        expect([path, res.status, errorOf(res).code]).toEqual([path, 400, 'validation_failed']);
      }
      expect(await hashDatabase()).toEqual(before);
    },
  );

  it.each([-1, 0.5, -1e9, Number.MAX_SAFE_INTEGER, '100', null])('a tip of %j is none', async (tipMinor) => {
    const address = buildAddress();
    const customer = await logInAs({ addresses: [address] });
    await fillCart(await createKitchen(), customer.userId);
    const before = await hashDatabase();
    expect((await post(customer, '/quotes', { addressId: address._id, tipMinor })).status).toBe(400);
    expect(await hashDatabase()).toEqual(before);
  });

  it('a quote that was edited in the database buys nothing', async () => {
    const customer = await logInAs();
    const { pricing } = await createQuote();
    const cheap = await createQuote({ customerId: customer.userId });
    const changed = { pricing: { ...pricing, totalMinor: 1 } };
    await QuoteModel.collection.updateOne({ _id: cheap._id as never }, { $set: changed });
    const res = await post(customer, '/orders', { quoteId: cheap._id, paymentMethod: 'card' });
    expect([res.status, errorOf(res).code]).toEqual([422, 'quote_invalid']);
  });
});
