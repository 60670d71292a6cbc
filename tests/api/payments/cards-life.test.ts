import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  book,
  drainWebhooks,
  listDeliveries,
  resendEvent,
  saveCard,
  setWebhookUrl,
} from '../../../scripts/local-cloud/control-client.ts';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { CardModel } from '../../../src/modules/payments/cards/card.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { quoteFor } from '../../support/checkout.ts';
import { eventually } from '../../support/eventually.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

/** Nothing is called by hand: the provider's events come over HTTP, and the worker does what follows from them. */
let app: TestApp;
let customer: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  await setWebhookUrl(localCloud.stripeUrl, `${app.url}/api/v1/webhooks/payments/stripe`);
});
beforeEach(async () => {
  await resetRateLimits();
  customer = await logInAs();
});
afterEach(async () => {
  await drainWebhooks(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(async () => {
  await setWebhookUrl(localCloud.stripeUrl, null);
  await app.stop();
});

interface CardView {
  id: string;
  brand: string;
  last4: string;
}

function cardsOf({ headers }: Login) {
  return app.request.get('/api/v1/me/cards').set(headers).expect(200);
}

async function listed(login: Login): Promise<CardView[]> {
  return ((await cardsOf(login)).body as { data: CardView[] }).data;
}

/** Asked for, given to the provider by the browser, and in the list once the provider has told of it. */
async function save(login: Login, paymentMethod: string): Promise<CardView> {
  const before = await listed(login);
  const res = await app.request.post('/api/v1/me/cards').set(login.headers).expect(202);
  const { clientSecret, publishableKey } = res.body as { clientSecret: string; publishableKey: string };
  const { stripeUrl } = localCloud;
  expect(await saveCard({ stripeUrl, publishableKey, clientSecret, paymentMethod })).toBe(200);
  return eventually(async () => {
    const [newest, ...older] = await listed(login);
    if (newest === undefined) throw new Error('the provider has not told of it');
    expect(older).toEqual(before);
    return newest;
  });
}

async function placeOrder({ headers, userId }: Login): Promise<string> {
  const { _id: quoteId } = await quoteFor(await createKitchen(), userId);
  const placing = app.request.post('/api/v1/orders').set(headers).set('Idempotency-Key', newId());
  const res = await placing.send({ quoteId, paymentMethod: 'card' }).expect(201);
  return (res.body as { id: string }).id;
}

function pay(orderId: string, cardId: string, { headers }: Login) {
  const path = `/api/v1/orders/${orderId}/pay`;
  return app.request.post(path).set(headers).set('Idempotency-Key', newId()).send({ cardId });
}

function remove({ id }: CardView, { headers }: Login) {
  return app.request.delete(`/api/v1/me/cards/${id}`).set(headers);
}

/** Whose it is at the provider; null: nobody's. */
async function customerAtProvider(paymentMethodId: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${localCloud.env['STRIPE_SECRET_KEY'] ?? ''}` };
  const res = await fetch(`${localCloud.stripeUrl}/v1/payment_methods/${paymentMethodId}`, { headers });
  return ((await res.json()) as { customer: string | null }).customer;
}

async function intentsOf(orderId: string) {
  const { perIntent } = await book(localCloud.stripeUrl);
  return perIntent.filter(({ metadata }) => metadata['orderId'] === orderId);
}

describe('a saved card', () => {
  it('is added, listed, paid with, removed here and at the provider, and pays no more', async () => {
    const [first, second] = [await placeOrder(customer), await placeOrder(customer)];
    const card = await save(customer, 'pm_card_visa');
    expect(card).toMatchObject({ brand: 'visa', last4: '4242' });
    const { paymentMethodId, providerCustomerId } = await CardModel.findById(card.id).orFail().lean();
    expect(await customerAtProvider(paymentMethodId)).toBe(providerCustomerId);

    expect((await pay(first, card.id, customer).expect(200)).body).toMatchObject({ status: 'authorized' });
    expect(await OrderModel.findById(first).lean()).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
    const [intent] = await intentsOf(first);
    expect(intent?.authorized).toBe((await OrderModel.findById(first).lean())?.pricing.totalMinor);

    await remove(card, customer).expect(204);
    expect(await listed(customer)).toEqual([]);
    await eventually(async () => {
      expect(await customerAtProvider(paymentMethodId)).toBeNull();
    });
    expect(errorOf(await pay(second, card.id, customer).expect(404)).code).toBe('not_found');
    expect((await intentsOf(second)).filter(({ authorized }) => authorized > 0)).toEqual([]);
    expect(await OrderModel.findById(second).lean()).toMatchObject({ status: 'pending_payment' });
    // What it has paid stays paid.
    expect(await OrderModel.findById(first).lean()).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
    await remove(card, customer).expect(404);
    const told = await AuditModel.find({ subjectId: customer.userId, event: /^money\.card_/ })
      .sort({ _id: 1 })
      .lean();
    expect(told.map(({ event }) => event)).toEqual(['money.card_saved', 'money.card_removed']);
  });

  it('of another person is neither listed, nor paid with, nor removed', async () => {
    const stranger = await logInAs();
    const card = await save(stranger, 'pm_card_mastercard');
    const orderId = await placeOrder(customer);
    expect(await listed(customer)).toEqual([]);
    await pay(orderId, card.id, customer).expect(404);
    await remove(card, customer).expect(404);
    expect((await intentsOf(orderId)).filter(({ authorized }) => authorized > 0)).toEqual([]);
    expect(await listed(stranger)).toEqual([card]);
  });

  it('is shown by what its owner knows it by: nobody sends us a number, and the provider’s names stay with us', async () => {
    const number = '4242424242424242';
    const adding = app.request.post('/api/v1/me/cards').set(customer.headers);
    const res = await adding.send({ number, cvc: '123', expMonth: 12, expYear: 2035 });
    expect(res.text).not.toContain(number);
    await save(customer, 'pm_card_visa');
    const { text } = await cardsOf(customer);
    expect(text).not.toMatch(/pm_|cus_|seti_|4242424242424242/);
    const stored = JSON.stringify(await CardModel.find().lean());
    expect(stored).not.toContain(number);
  });

  it('is one, however often the provider tells of it, also after it was removed', async () => {
    const { stripeUrl } = localCloud;
    const sent = (await listDeliveries(stripeUrl)).length;
    const card = await save(customer, 'pm_card_visa');
    await drainWebhooks(stripeUrl);
    const events = (await listDeliveries(stripeUrl)).slice(sent);
    const tellAgain = async () => {
      for (const { eventId } of events) {
        expect(await resendEvent(stripeUrl, eventId, 5)).toEqual(Array.from({ length: 5 }, () => '200'));
      }
      await eventually(async () => {
        expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
      });
    };
    await tellAgain();
    expect(await listed(customer)).toEqual([card]);
    await remove(card, customer).expect(204);
    await tellAgain();
    expect(await listed(customer)).toEqual([]);
  });

  it('stands before those that were saved earlier, of one customer of the provider', async () => {
    const card = await save(customer, 'pm_card_visa');
    const other = await save(customer, 'pm_card_mastercard');
    expect((await listed(customer)).map(({ id }) => id)).toEqual([other.id, card.id]);
    const names = (await CardModel.find().lean()).map(({ providerCustomerId }) => providerCustomerId);
    expect(new Set(names).size).toBe(1);
  });
});
