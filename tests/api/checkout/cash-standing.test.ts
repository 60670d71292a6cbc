import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { CartModel } from '../../../src/modules/carts/cart.model.ts';
import { addCartItem } from '../../../src/modules/carts/carts.service.ts';
import { getCashHistoryRoute, liftCashRefusalRoute } from '../../../src/modules/checkout/cash/cash-standing.schema.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { listCashOrders } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { quoteFor } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { explainQueries } from '../../support/watch-commands.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await resetRateLimits();
  await emptyCollections();
});
afterAll(() => app.stop());

const { cashFailuresMax: MOST_FAILED, cashOpenMax: MOST_OPEN, cashFailureDays } = config.money;
const DAY_MS = 86_400_000;

/** So many orders for cash whose customer was not there. */
async function failedOrders(customerId: string, count: number, changes: object = {}): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { _id } = await createOrderIn('failed', { customerId, paymentMethod: 'cash' });
    const end = { liableParty: 'customer', endedAt: now(), reason: 'customer_absent', ...changes };
    await OrderModel.updateOne({ _id }, end);
  }
}

async function place(login: Login, paymentMethod: 'card' | 'cash') {
  const quote = await quoteFor(await createKitchen(), login.userId);
  return placeQuote(login, { quoteId: quote._id, paymentMethod });
}

/** At a restaurant of its own. */
async function quoteElsewhere(userId: string): Promise<string> {
  const { restaurantId, biryani } = await createKitchen();
  const line = { restaurantId, itemId: biryani.id, quantity: 1, optionIds: [biryani.large], replace: true };
  await addCartItem(line, userId);
  return (await createQuote({ address: NEAR_HOME, tipMinor: 0 }, userId))._id;
}

function placeQuote(login: Login, body: object) {
  return app.request
    .post('/api/v1/orders')
    .set({ ...login.headers, 'Idempotency-Key': newId() })
    .send(body);
}

function about(office: Login, userId: string) {
  return app.request.get(`/api/v1/admin/users/${userId}/cash`).set(office.headers);
}

function forgive(office: Login, userId: string) {
  const path = `/api/v1/admin/users/${userId}/cash/lift`;
  return app.request.post(path).set(office.headers).send({ reason: 'The doorbell was broken.' });
}

const refusal = (reason: string) => ({ status: 422, code: 'payment_method_unavailable', details: { reason } });

describe('a customer whose orders for cash fail again and again', () => {
  it('pays by card, until support has seen why and forgiven it', async () => {
    const [customer, support] = [await logInAs(), await logInAs({ roles: ['support'] })];
    await failedOrders(customer.userId, MOST_FAILED);
    const quote = await quoteFor(await createKitchen(), customer.userId);
    const body = { quoteId: quote._id, paymentMethod: 'cash' };
    expect(errorOf(await placeQuote(customer, body))).toMatchObject(refusal('too_many_failed'));
    const seen = await about(support, customer.userId).expect(200);
    expectContract(getCashHistoryRoute, seen);
    expect(seen.body).toMatchObject({ refusal: 'too_many_failed', openOrders: 0, liftedAt: null });
    expect((seen.body as { failed: object[] }).failed).toHaveLength(MOST_FAILED);
    const lifted = await forgive(support, customer.userId).expect(200);
    expectContract(liftCashRefusalRoute, lifted);
    expect(lifted.body).toMatchObject({ refusal: null, failed: [], liftedBy: support.userId });
    expect(await AuditModel.findOne({ event: 'money.cash_refusal_lifted' }).lean()).toMatchObject({
      ...{ actorId: support.userId, subjectId: customer.userId, before: { failed: MOST_FAILED } },
    });
    await placeQuote(customer, body).expect(201);
  });

  it('may still pay by card, with the quote that was refused for cash', async () => {
    const customer = await logInAs();
    await failedOrders(customer.userId, MOST_FAILED);
    const quote = await quoteFor(await createKitchen(), customer.userId);
    await placeQuote(customer, { quoteId: quote._id, paymentMethod: 'cash' }).expect(422);
    await placeQuote(customer, { quoteId: quote._id, paymentMethod: 'card' }).expect(201);
  });

  it.each([
    ['one fewer', MOST_FAILED - 1, {}],
    ['not by the customer’s fault', MOST_FAILED, { liableParty: 'platform' }],
    ['long ago', MOST_FAILED, { endedAt: addMs(now(), -cashFailureDays * DAY_MS - 60_000) }],
    ['paid by card', MOST_FAILED, { paymentMethod: 'card' }],
  ])('is not one whose orders failed %s', async (_, count, changes) => {
    const customer = await logInAs();
    await failedOrders(customer.userId, count, changes);
    expect((await place(customer, 'cash')).status).toBe(201);
  });

  it('fails again after being forgiven, and is refused again', async () => {
    const [customer, support] = [await logInAs(), await logInAs({ roles: ['support'] })];
    await failedOrders(customer.userId, MOST_FAILED);
    await forgive(support, customer.userId).expect(200);
    await failedOrders(customer.userId, MOST_FAILED, { endedAt: addMs(now(), 1_000) });
    expect(errorOf(await place(customer, 'cash'))).toMatchObject(refusal('too_many_failed'));
  });

  it('is not forgiven by themselves, nor by who is not of the office', async () => {
    const both = await logInAs({ roles: ['customer', 'support'] });
    expect(errorOf(await forgive(both, both.userId))).toMatchObject({ status: 403, code: 'own_side' });
    const customer = await logInAs();
    await about(customer, customer.userId).expect(403);
    await forgive(customer, customer.userId).expect(403);
  });

  it('is found by an index', async () => {
    const customerId = newId();
    await failedOrders(customerId, 2);
    const plans = await explainQueries(() => listCashOrders(customerId, { since: addMs(now(), -DAY_MS) }));
    expect(plans.length).toBeGreaterThan(0);
    for (const { stages, command } of plans) expect(stages, command).not.toContain('COLLSCAN');
  });
});

describe('orders for cash under way', () => {
  it('are so many at once and no more, also when they come together', async () => {
    const customer = await logInAs();
    const kitchen = await createKitchen();
    const quotes = [await quoteFor(kitchen, customer.userId)];
    const again = { address: NEAR_HOME, tipMinor: 0 };
    while (quotes.length < MOST_OPEN + 4) quotes.push(await createQuote(again, customer.userId));
    const placed = await Promise.all(
      quotes.map(({ _id: quoteId }) => placeQuote(customer, { quoteId, paymentMethod: 'cash' })),
    );
    expect(placed.filter(({ status }) => status === 201)).toHaveLength(MOST_OPEN);
    for (const res of placed.filter(({ status }) => status === 422)) {
      expect(errorOf(res)).toMatchObject(refusal('too_many_open'));
    }
    expect(await OrderModel.countDocuments({ customerId: customer.userId, paymentMethod: 'cash' })).toBe(MOST_OPEN);
  });

  it('are counted over restaurants: of orders that come together at several, the last free place is one’s only', async () => {
    const customer = await logInAs();
    for (let open = 1; open < MOST_OPEN; open += 1) {
      await createOrderIn('accepted', { customerId: customer.userId, paymentMethod: 'cash' });
    }
    const quotes: string[] = [];
    while (quotes.length < 6) quotes.push(await quoteElsewhere(customer.userId));
    // Orders of one customer meet in the cart, too, which each of them clears: without it there is the standing alone.
    await CartModel.deleteOne({ _id: customer.userId });
    const placed = await Promise.all(quotes.map((quoteId) => placeQuote(customer, { quoteId, paymentMethod: 'cash' })));
    expect(placed.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 5 }, () => 422)]);
    expect(await OrderModel.countDocuments({ customerId: customer.userId, paymentMethod: 'cash' })).toBe(MOST_OPEN);
  });
});
