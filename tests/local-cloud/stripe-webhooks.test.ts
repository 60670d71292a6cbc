import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearFaults,
  drainWebhooks,
  listDeliveries,
  releaseWebhooks,
  resendEvent,
  setFaults,
  setWebhookUrl,
} from '../../scripts/local-cloud/control-client.ts';
import { createHeld, createManual, startCloud, startReceiver, type Receiver, type RunningCloud } from './support.ts';

const HELD = ['payment_intent.created', 'charge.succeeded', 'payment_intent.amount_capturable_updated'];

let running: RunningCloud;
let receiver: Receiver;
let url: string;

beforeAll(async () => {
  running = await startCloud();
  url = running.cloud.stripeUrl;
});
afterAll(() => running.stop());

beforeEach(async () => {
  receiver = await startReceiver(() => running.secretOf('STRIPE_WEBHOOK_SECRET'));
  running.cloud.setWebhookUrl(receiver.url);
});
afterEach(async () => {
  await clearFaults(url);
  await releaseWebhooks(url);
  await drainWebhooks(url);
  await receiver.stop();
});

describe('webhooks', () => {
  it('of a payment, are signed as Stripe signs and carry the object of that moment', async () => {
    const intent = await createHeld(running);
    expect(await drainWebhooks(url)).toBe(true);
    expect(receiver.types().toSorted()).toEqual(HELD.toSorted());
    const [body = '', header = ''] = [receiver.bodies[0], receiver.signatures[0]];
    const { webhooks } = new Stripe('sk_test_unused');
    expect(() => webhooks.constructEvent(body, header, 'whsec_other')).toThrow(/signature/i);
    expect(() => webhooks.constructEvent(`${body} `, header, running.secretOf('STRIPE_WEBHOOK_SECRET'))).toThrow(
      /signature/i,
    );
    const held = receiver.events.find(({ type }) => type === 'payment_intent.amount_capturable_updated');
    expect(held).toMatchObject({
      object: 'event',
      livemode: false,
      data: { object: { id: intent.id, status: 'requires_capture', amount_capturable: 45_000, metadata: {} } },
    });
    expect(held?.request?.id).toMatch(/^req_/);
    expect(await running.stripe.events.retrieve(held?.id ?? '')).toMatchObject({ id: held?.id, type: held?.type });
  });

  it('name the request and key that caused them', async () => {
    await running.stripe.paymentIntents.create({ amount: 100, currency: 'inr' }, { idempotencyKey: 'caused-by-me' });
    await drainWebhooks(url);
    expect(receiver.events[0]?.request?.idempotency_key).toBe('caused-by-me');
  });

  it.each([
    ['captured', ['charge.captured', 'payment_intent.succeeded']],
    ['canceled', ['payment_intent.canceled']],
    ['refunded', ['charge.captured', 'payment_intent.succeeded', 'charge.refunded', 'refund.created']],
  ])('of a payment that is %s, are these', async (end, types) => {
    const { stripe } = running;
    const { id } = await createHeld(running);
    if (end === 'canceled') await stripe.paymentIntents.cancel(id);
    else await stripe.paymentIntents.capture(id);
    if (end === 'refunded') await stripe.refunds.create({ payment_intent: id });
    await drainWebhooks(url);
    expect(receiver.types().toSorted()).toEqual([...HELD, ...types].toSorted());
  });

  it('of a declined card, say so', async () => {
    await running.pay(await createManual(running.stripe), 'pm_card_visa_chargeDeclined');
    await drainWebhooks(url);
    expect(receiver.types()).toContain('payment_intent.payment_failed');
    expect(receiver.types()).toContain('charge.failed');
  });

  it('of a replayed request, are not sent again', async () => {
    const create = () =>
      running.stripe.paymentIntents.create({ amount: 100, currency: 'inr' }, { idempotencyKey: 'replayed-quietly' });
    await create();
    await create();
    await drainWebhooks(url);
    expect(receiver.types()).toEqual(['payment_intent.created']);
  });

  it('answered with an error, come again, signed afresh, until accepted', async () => {
    receiver.statuses.push(500, 302, 404);
    await createManual(running.stripe);
    expect(await drainWebhooks(url)).toBe(true);
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(1);
    expect(receiver.events).toHaveLength(4);
    expect((await listDeliveries(url)).at(-1)).toMatchObject({ state: 'delivered', attempts: 4, lastOutcome: '200' });
  });

  it('to nobody at home, wait and arrive when somebody is', async () => {
    const place = receiver.url;
    await receiver.stop();
    await createManual(running.stripe);
    expect(await drainWebhooks(url, 500)).toBe(false);
    expect((await listDeliveries(url)).at(-1)).toMatchObject({ state: 'pending', lastOutcome: 'ECONNREFUSED' });
    receiver = await startReceiver(() => running.secretOf('STRIPE_WEBHOOK_SECRET'));
    expect(receiver.url).not.toBe(place);
    await setWebhookUrl(url, receiver.url);
    expect(await drainWebhooks(url)).toBe(true);
    expect(receiver.types()).toEqual(['payment_intent.created']);
  });

  it('not yet accepted at a restart, arrive after it', async () => {
    await setWebhookUrl(url, null);
    await createManual(running.stripe);
    await running.restart();
    url = running.cloud.stripeUrl;
    running.cloud.setWebhookUrl(receiver.url);
    expect(await drainWebhooks(url)).toBe(true);
    expect(receiver.types()).toEqual(['payment_intent.created']);
  });
});

describe('webhook faults', () => {
  it('delay, keeps events back for as long as asked', async () => {
    await setFaults(url, { webhooks: { delayMs: 300 } });
    const startedAt = performance.now();
    await createManual(running.stripe);
    expect(receiver.events).toEqual([]);
    await drainWebhooks(url);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
    expect(receiver.types()).toEqual(['payment_intent.created']);
  });

  it('copies, deliver each event as often, under one id', async () => {
    await setFaults(url, { webhooks: { copies: 20 } });
    await createManual(running.stripe);
    await drainWebhooks(url);
    expect(receiver.events).toHaveLength(20);
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(1);
  });

  it('reorder, delivers what a window gathered newest first', async () => {
    await setFaults(url, { webhooks: { reorderWindowMs: 300 } });
    const { id } = await createHeld(running);
    await running.stripe.paymentIntents.capture(id);
    await drainWebhooks(url);
    expect(receiver.types()).toEqual(['payment_intent.succeeded', 'charge.captured', ...HELD.toReversed()]);
  });

  it('hold, keeps events until released in the order asked for', async () => {
    await setFaults(url, { webhooks: { hold: true } });
    await createHeld(running);
    expect(await drainWebhooks(url)).toBe(true);
    expect(receiver.events).toEqual([]);
    expect(await releaseWebhooks(url, 'reverse')).toBe(3);
    expect(receiver.types()).toEqual(HELD.toReversed());
  });

  it('drop, loses the next ones, which the list of events still has', async () => {
    await setFaults(url, { webhooks: { drop: 1 } });
    const dropped = await createManual(running.stripe);
    await createManual(running.stripe);
    await drainWebhooks(url);
    expect(receiver.events).toHaveLength(1);
    const { data } = await running.stripe.events.list({ type: 'payment_intent.created', limit: 2 });
    expect(data.map(({ data: { object } }) => (object as { id: string }).id)).toContain(dropped.id);
  });

  it('aimed at one type, spare the others', async () => {
    await setFaults(url, { webhooks: { hold: true, types: ['charge.succeeded'] } });
    await createHeld(running);
    await drainWebhooks(url);
    expect(receiver.types()).not.toContain('charge.succeeded');
    expect(receiver.types()).toHaveLength(2);
  });

  it('resend, sends an old event again at once', async () => {
    await createManual(running.stripe);
    await drainWebhooks(url);
    const id = receiver.events[0]?.id ?? '';
    receiver.statuses.push(500);
    expect((await resendEvent(url, id, 20)).toSorted()).toEqual([...Array<string>(19).fill('200'), '500']);
    expect(receiver.events).toHaveLength(21);
    await expect(resendEvent(url, 'evt_nope')).rejects.toThrow(/No such/);
  });
});
