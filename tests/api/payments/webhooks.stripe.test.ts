import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { receiveStripeEventRoute } from '../../../src/modules/payments/payments.schema.ts';
import { WebhookEventModel } from '../../../src/modules/payments/webhook-event.model.ts';
import { nowMs } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/webhooks/payments/stripe';
const stripe = new Stripe('sk_test_unused');

/** The provider's event, as text: the signature is over these bytes. */
function eventText(order: OrderRecord, { intent = {} }: { intent?: object } = {}): string {
  const id = `evt_${newId()}`;
  const object = {
    ...{ id: `pi_${order._id}`, object: 'payment_intent', status: 'requires_capture', currency: 'inr' },
    ...{ amount: order.pricing.totalMinor, amount_capturable: order.pricing.totalMinor, amount_received: 0 },
    ...{ client_secret: 'pi_secret_x', last_payment_error: null, livemode: false, capture_method: 'manual' },
    metadata: { paymentId: order.paymentId, orderId: order._id },
    ...intent,
  };
  const type = 'payment_intent.amount_capturable_updated';
  return JSON.stringify({ id, object: 'event', type, livemode: false, created: nowSeconds(), data: { object } });
}

function nowSeconds(): number {
  return Math.floor(nowMs() / 1000);
}

interface Signing {
  secret?: string;
  ageSeconds?: number;
}

function sign(payload: string, { secret = config.payments.webhookSecret, ageSeconds = 0 }: Signing = {}): string {
  const timestamp = nowSeconds() - ageSeconds;
  return stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

function deliver(payload: string, signature: string | null, path = PATH) {
  const request = app.request.post(path).set('Content-Type', 'application/json');
  return (signature === null ? request : request.set('Stripe-Signature', signature)).send(payload);
}

describe('POST /webhooks/payments/stripe', () => {
  it.each([PATH, PATH.replace('/v1', '')])('takes a signed event at %s, and places the order', async (path) => {
    const order = await createOrderIn('pending_payment');
    const text = eventText(order);
    const res = await deliver(text, sign(text), path).expect(200);
    expectContract(receiveStripeEventRoute, res);
    expect(res.body).toEqual({ received: true, result: 'applied' });
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });

  it('answers 200 to the same event again, twenty times at once, and does it once', async () => {
    const order = await createOrderIn('pending_payment');
    const text = eventText(order);
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(text, sign(text)).expect(200)));
    const results = answers.map(({ body }) => (body as { result: string }).result);
    expect(results.toSorted()).toEqual(['applied', ...Array<string>(19).fill('duplicate')]);
    expect(await expectSoundOrder(order._id)).toHaveLength(3);
    expect(await WebhookEventModel.countDocuments()).toBe(1);
  });

  it('takes another event with the same news for no news', async () => {
    const order = await createOrderIn('pending_payment');
    for (const result of ['applied', 'unchanged']) {
      const text = eventText(order);
      const res = await deliver(text, sign(text)).expect(200);
      expect(res.body).toEqual({ received: true, result });
    }
    expect(await expectSoundOrder(order._id)).toHaveLength(3);
  });

  it.each<[string, (text: string) => [string, string | null]]>([
    ['without a signature', (text) => [text, null]],
    ['with an empty one', (text) => [text, '']],
    ['signed with another secret', (text) => [text, sign(text, { secret: 'whsec_other' })]],
    ['signed six minutes ago', (text) => [text, sign(text, { ageSeconds: 360 })]],
    ['signed six minutes from now', (text) => [text, sign(text, { ageSeconds: -360 })]],
    ['whose amount was changed on the way', (text) => [text.replace('11200', '11201'), sign(text)]],
    ['that was parsed and written again', (text) => [JSON.stringify(JSON.parse(text), null, 1), sign(text)]],
    ['with the signature of another event', (text) => [text, sign(text.replace('evt_', 'evt_x'))]],
    ['with a signature of form v0', (text) => [text, sign(text).replace('v1=', 'v0=')]],
    ['that is empty', () => ['', sign('')]],
  ])('refuses an event %s, and changes nothing', async (_, forge) => {
    const order = await createOrderIn('pending_payment');
    const before = await hashDatabase();
    const res = await deliver(...forge(eventText(order))).expect(400);
    expect(errorOf(res).code).toBe('webhook_signature_invalid');
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    ['amount', { amount: 1 }],
    ['currency', { currency: 'usd' }],
    ['order', { metadata: {} }],
  ])('answers 200 to a signed event whose %s is not ours, keeps it, and moves nothing', async (_, intent) => {
    const order = await createOrderIn('pending_payment');
    const before = await hashDatabase({ except: ['webhook_events'] });
    const text = eventText(order, { intent });
    const res = await deliver(text, sign(text)).expect(200);
    expect(res.body).toEqual({ received: true, result: 'quarantined' });
    expect(await hashDatabase({ except: ['webhook_events'] })).toEqual(before);
    expect(await WebhookEventModel.find().lean()).toMatchObject([{ result: 'quarantined' }]);
  });

  it('ignores events about other things', async () => {
    const text = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'charge.updated',
      livemode: false,
      data: { object: { id: 'ch_1' } },
    });
    const res = await deliver(text, sign(text)).expect(200);
    expect(res.body).toEqual({ received: true, result: 'ignored' });
  });

  it('takes no body of another content type for an event', async () => {
    const order = await createOrderIn('pending_payment');
    const text = eventText(order);
    const res = await app.request
      .post(PATH)
      .set('Content-Type', 'text/plain')
      .set('Stripe-Signature', sign(text))
      .send(text);
    expect([400, 415]).toContain(res.status);
    expect((await getStoredOrder(order._id)).status).toBe('pending_payment');
  });
});
