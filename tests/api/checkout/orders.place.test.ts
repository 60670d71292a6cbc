import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toQuoteView } from '../../../src/modules/checkout/checkout.presenter.ts';
import { placeOrderRoute } from '../../../src/modules/checkout/checkout.schema.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { quoteFor } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/orders';

async function scene() {
  const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
  const quote = await quoteFor(kitchen, userId);
  const body = { quoteId: quote._id, paymentMethod: 'card', notes: 'Please ring twice' };
  return { headers, userId, quote, body };
}

/** One request under a key; a new one unless given. */
function place(headers: Record<string, string>, body: object, { key = newId(), path = PATH } = {}) {
  return app.request.post(path).set(headers).set('Idempotency-Key', key).send(body);
}

describe('POST /orders', () => {
  it('answers 201 with the order, its payment to confirm, and where it is', async () => {
    const { headers, quote, body } = await scene();
    const shown = toQuoteView(quote);
    const res = await place(headers, body).expect(201);
    expectContract(placeOrderRoute, res);
    const order = res.body as { id: string };
    expect(res.headers).toMatchObject({ location: `/api/v1/orders/${order.id}`, 'cache-control': 'no-store' });
    expect(res.headers).not.toHaveProperty('idempotent-replayed');
    expect(res.body).toMatchObject({
      status: 'pending_payment',
      notes: 'Please ring twice',
      ...{ items: shown.items, pricing: shown.pricing },
      payment: {
        status: 'requires_payment',
        amount: { amount: quote.pricing.totalMinor, currency: 'INR' },
        clientSecret: expect.stringContaining('_secret_') as string,
        publishableKey: expect.stringMatching(/^pk_test_/) as string,
      },
    });
    const stored = await app.request.get(`${PATH}/${order.id}`).set(headers).expect(200);
    expect(stored.body).toMatchObject({ id: order.id, items: shown.items, pricing: shown.pricing });
  });

  it('makes one order of twenty requests with one key over both bases; every answer is equal to the byte', async () => {
    const { headers, body } = await scene();
    const key = newId();
    const paths = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? PATH : '/api/orders'));
    const answers = await Promise.all(paths.map((path) => place(headers, body, { key, path })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(({ headers: { location } }) => location)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    expect(await OrderModel.countDocuments()).toBe(1);
    expect(await PaymentModel.countDocuments()).toBe(1);
    const later = await place(headers, body, { key });
    expect([later.status, later.text, later.headers['idempotent-replayed']]).toEqual([201, answers[0]?.text, 'true']);
  });

  it('sells a quote once to twenty keys; nineteen hear that it is used', async () => {
    const { headers, body } = await scene();
    const answers = await Promise.all(Array.from({ length: 20 }, () => place(headers, body)));
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(19);
    for (const answer of refused) expect(answer.body).toMatchObject({ error: { code: 'quote_used' } });
    expect(await OrderModel.countDocuments()).toBe(1);
  });

  it('refuses a key that comes again with another body, and takes the same body in another order of keys', async () => {
    const { headers, body } = await scene();
    const key = newId();
    await place(headers, body, { key }).expect(201);
    const other = await place(headers, { ...body, notes: 'No bell' }, { key }).expect(422);
    expect(other.body).toMatchObject({ error: { code: 'idempotency_key_reused' } });
    const reversed = Object.fromEntries(Object.entries(body).reverse());
    await place(headers, reversed, { key }).expect(201).expect('Idempotent-Replayed', 'true');
  });

  it('keeps one key of two customers apart', async () => {
    const scenes = await Promise.all([scene(), scene()]);
    const key = newId();
    for (const { headers, body } of scenes) {
      const res = await place(headers, body, { key }).expect(201);
      expect(res.headers).not.toHaveProperty('idempotent-replayed');
    }
    expect(await OrderModel.countDocuments()).toBe(2);
  });

  it.each([
    ['no key', null],
    ['an empty key', ''],
    ['a key of 256 characters', 'k'.repeat(256)],
  ])('refuses %s', async (_, key) => {
    const { headers, body } = await scene();
    const request = app.request.post(PATH).set(headers);
    const res = await (key === null ? request : request.set('Idempotency-Key', key)).send(body).expect(400);
    expect(res.body).toMatchObject({ error: { code: 'idempotency_key_missing' } });
    expect(await OrderModel.countDocuments()).toBe(0);
  });

  it.each(['totalMinor', 'total', 'tipMinor', 'currency', 'restaurantId', 'address', '$where'])(
    'lets no %s of the client near the order',
    async (field) => {
      const { headers, body } = await scene();
      const res = await place(headers, { ...body, [field]: 1 }).expect(400);
      expect(res.body).toMatchObject({ error: { details: [{ path: field, code: 'unknown_key' }] } });
    },
  );

  it.each(['none', 'bitcoin', 7, null])('takes no payment method %j', async (paymentMethod) => {
    const { headers, body } = await scene();
    await place(headers, { ...body, paymentMethod }).expect(400);
  });

  it('places an order for cash at once', async () => {
    const { headers, body } = await scene();
    const res = await place(headers, { ...body, paymentMethod: 'cash' }).expect(201);
    expectContract(placeOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'placed', paymentMethod: 'cash', payment: { clientSecret: null } });
  });

  it('keeps the choice of what to do when a dish runs out: the order’s, else the customer’s', async () => {
    const { headers, body } = await scene();
    const named = await place(headers, { ...body, replacement: 'cancel' }).expect(201);
    expect(named.body).toMatchObject({ replacement: 'cancel' });
    const other = await scene();
    // Substitutes are what an account begins with.
    expect((await place(other.headers, other.body).expect(201)).body).toMatchObject({ replacement: 'best_match' });
  });

  it('answers a price that has changed with the differences and a new quote', async () => {
    const { headers, body, quote } = await scene();
    await MenuItemModel.updateOne({ _id: quote.items[1]?.itemId ?? '' }, { priceMinor: 7_050 });
    const res = await place(headers, body).expect(409);
    const { code, details } = errorOf(res) as { code: string; details: { changes: object[]; quote: { id: string } } };
    expect(code).toBe('quote_stale');
    expect(details.changes).toContainEqual({ path: 'items.1.unitPrice.amount', before: 6_050, after: 7_050 });
    const next = await app.request.get(`/api/v1/quotes/${details.quote.id}`).set(headers).expect(200);
    expect(next.body).toEqual(details.quote);
    await place(headers, { ...body, quoteId: details.quote.id }).expect(201);
  });

  it("knows no quote of somebody else's", async () => {
    const { body, quote } = await scene();
    const { headers } = await logInAs();
    await place(headers, body).expect(404);
    expect(await QuoteModel.findById(quote._id).lean()).toMatchObject({ usedAt: null });
  });

  it('hides from the client that a stored quote was tampered with', async () => {
    const { headers, quote, body } = await scene();
    await QuoteModel.collection.updateOne({ _id: quote._id as never }, { $set: { 'pricing.totalMinor': 1 } });
    const res = await place(headers, body).expect(422);
    expect(res.body).toMatchObject({ error: { code: 'quote_invalid' } });
    expect(res.text).not.toContain('signature');
  });

  it.each([7, null, { $ne: '' }])('refuses a stored quote whose signature is %j', async (signature) => {
    const { headers, quote, body } = await scene();
    await QuoteModel.collection.updateOne({ _id: quote._id as never }, { $set: { signature } });
    const res = await place(headers, body).expect(422);
    expect(res.body).toMatchObject({ error: { code: 'quote_invalid' } });
  });

  it.each(['Ring\u0000', 'Ring\ntwice', 'Ring \u202eeciwt', 'Ring \u2066twice'])(
    'refuses the notes %j',
    async (notes) => {
      const { headers, body } = await scene();
      const res = await place(headers, { ...body, notes }).expect(400);
      expect(res.body).toMatchObject({ error: { details: [{ path: 'notes' }] } });
    },
  );

  it('is for customers alone', async () => {
    const { body } = await scene();
    await app.request.post(PATH).set('Idempotency-Key', newId()).send(body).expect(401);
    const { headers } = await logInAs({ roles: ['courier'] });
    await place(headers, body).expect(403);
  });
});
