import type { Stripe } from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  authenticatePayment,
  book,
  clearFaults,
  expirePayment,
  setFaults,
  settlePayment,
} from '../../scripts/local-cloud/control-client.ts';
import { createHeld, createManual, idOf, startCloud, refusalOf, type RunningCloud } from './support.ts';

let running: RunningCloud;
let stripe: Stripe;
let url: string;

beforeAll(async () => {
  running = await startCloud();
  ({ stripe } = running);
  url = running.cloud.stripeUrl;
});
afterAll(() => running.stop());
beforeEach(() => clearFaults(url));

async function reportOf(intentId: string) {
  const { perIntent } = await book(url);
  const report = perIntent.find(({ id }) => id === intentId);
  if (report === undefined) throw new Error(`${intentId} is not in the book`);
  return report;
}

describe('a payment intent with manual capture', () => {
  it('created, waits for a payment method and shows what was given', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 45_000,
      currency: 'INR',
      capture_method: 'manual',
      description: 'Order 17',
      metadata: { orderId: 'a1', note: 'x & y = [z]' },
    });
    expect(intent).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 45_000,
      amount_capturable: 0,
      amount_received: 0,
      currency: 'inr',
      description: 'Order 17',
      metadata: { orderId: 'a1', note: 'x & y = [z]' },
      latest_charge: null,
      livemode: false,
    });
    expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_\\w{25}$`));
    expect(intent.lastResponse.requestId).toMatch(/^req_/);
    expect(intent.lastResponse.apiVersion).toBe('2026-10-28.endive');
    expect(await stripe.paymentIntents.retrieve(intent.id)).toEqual({ ...intent });
  });

  it('paid in the browser, holds the amount', async () => {
    const intent = await createManual(stripe);
    expect(await running.pay(intent)).toMatchObject({ ok: true, intent: { status: 'requires_capture' } });
    const held = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge', 'payment_method'] });
    expect(held).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 45_000,
      amount_received: 0,
      latest_charge: { object: 'charge', amount: 45_000, captured: false, paid: true, amount_captured: 0 },
      payment_method: { object: 'payment_method', card: { brand: 'visa', last4: '4242' } },
    });
    expect(await reportOf(intent.id)).toMatchObject({ authorized: 45_000, captured: 0, captureCount: 0 });
  });

  it('captured, is succeeded once', async () => {
    const intent = await createHeld(running);
    const captured = await stripe.paymentIntents.capture(intent.id);
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 45_000, amount_capturable: 0 });
    const charge = await stripe.charges.retrieve(idOf(captured.latest_charge));
    expect(charge).toMatchObject({ captured: true, amount_captured: 45_000, refunded: false });
    expect(await reportOf(intent.id)).toMatchObject({ captured: 45_000, captureCount: 1, released: 0 });
  });

  it('captured in part, releases the rest without a refund', async () => {
    const intent = await createHeld(running);
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 30_000 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 30_000, amount_capturable: 0 });
    expect(await reportOf(intent.id)).toMatchObject({ captured: 30_000, released: 15_000, refunded: 0 });
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toEqual([]);
  });

  it('canceled while held, lets the money go', async () => {
    const intent = await createHeld(running);
    const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'requested_by_customer' });
    expect(canceled).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      cancellation_reason: 'requested_by_customer',
    });
    expect(canceled.canceled_at).toBeGreaterThan(0);
    expect(await reportOf(intent.id)).toMatchObject({ captured: 0, released: 45_000 });
  });

  it('left for a week, expires', async () => {
    const intent = await createHeld(running);
    await expirePayment(url, intent.id);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'expired',
    });
  });
});

describe('a payment intent with automatic capture', () => {
  it('confirmed by the server, is succeeded at once', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 9900,
      currency: 'inr',
      confirm: true,
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 9900, capture_method: 'automatic_async' });
    expect(await reportOf(intent.id)).toMatchObject({ authorized: 9900, captured: 9900, captureCount: 1 });
  });

  it('given a card first, waits for the confirmation', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 9900,
      currency: 'inr',
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    expect(intent.status).toBe('requires_confirmation');
    expect((await stripe.paymentIntents.confirm(intent.id)).status).toBe('succeeded');
  });
});

describe('a payment intent that is changed', () => {
  it('before payment, takes another amount and merges metadata', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 100, currency: 'inr', metadata: { a: '1', b: '2' } });
    const updated = await stripe.paymentIntents.update(intent.id, { amount: 200, metadata: { b: '', c: '3' } });
    expect(updated).toMatchObject({ amount: 200, metadata: { a: '1', c: '3' } });
    expect(updated.metadata).not.toHaveProperty('b');
  });

  it('after payment, keeps its amount', async () => {
    const intent = await createHeld(running);
    const refusal = await refusalOf(stripe.paymentIntents.update(intent.id, { amount: 200 }));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  });
});

describe('a declined card', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', null],
  ])('%s, is told so and may try another', async (card, code, declineCode) => {
    const intent = await createManual(stripe);
    expect(await running.pay(intent, card)).toMatchObject({ ok: false, status: 402, code, declineCode });
    const failed = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { type: 'card_error', code },
      latest_charge: { status: 'failed', paid: false, failure_code: code },
    });
    expect(await reportOf(intent.id)).toMatchObject({ authorized: 0, captured: 0 });
    expect(await running.pay(intent)).toMatchObject({ ok: true, intent: { status: 'requires_capture' } });
  });

  it('confirmed by the server, is a card error with the intent in it', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 9900,
      currency: 'inr',
      allowed_payment_method_types: ['card'],
    });
    const refusal = await refusalOf(
      stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa_chargeDeclined' }),
    );
    expect(refusal).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
      payment_intent: { id: intent.id, status: 'requires_payment_method' },
    });
    expect(refusal.charge).toMatch(/^ch_/);
  });
});

describe('a card whose bank asks', () => {
  it('approved through the control API, is held', async () => {
    const intent = await createManual(stripe);
    const result = await running.pay(intent, 'pm_card_authenticationRequired');
    expect(result).toMatchObject({
      ok: true,
      intent: { status: 'requires_action', next_action: { type: 'use_stripe_sdk' } },
    });
    expect((await reportOf(intent.id)).authorized).toBe(0);
    await authenticatePayment(url, intent.id, 'approve');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('refused, goes back to asking for a card', async () => {
    const intent = await createManual(stripe);
    await running.pay(intent, 'pm_card_authenticationRequired');
    await authenticatePayment(url, intent.id, 'fail');
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it("answered on the bank's page, returns to the shop", async () => {
    const intent = await createManual(stripe);
    const asked = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'http://127.0.0.1:9/orders/17?tab=pay',
    });
    const pageUrl = asked.next_action?.redirect_to_url?.url ?? '';
    expect(await (await fetch(pageUrl)).text()).toContain('450.00 inr');
    const answer = await fetch(pageUrl, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'approve' }),
      redirect: 'manual',
    });
    const target = new URL(answer.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('http://127.0.0.1:9/orders/17');
    expect(Object.fromEntries(target.searchParams)).toEqual({
      tab: 'pay',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
    expect((await fetch(pageUrl)).status).toBe(409);
    expect((await fetch(pageUrl.replace(/_secret_\w+/, '_secret_x'))).status).toBe(404);
  });
});

describe('a payment the bank is slow with', () => {
  it('is processing until it is settled', async () => {
    await setFaults(url, { requests: [{ kind: 'processing' }] });
    const intent = await createManual(stripe);
    expect(await running.pay(intent)).toMatchObject({ ok: true, intent: { status: 'processing' } });
    await settlePayment(url, intent.id, 'approve');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('settled as failed, asks for another card', async () => {
    await setFaults(url, { requests: [{ kind: 'processing' }] });
    const intent = await createManual(stripe);
    await running.pay(intent);
    await settlePayment(url, intent.id, 'fail');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_payment_method');
  });
});

describe('refunds', () => {
  it('in parts, add up to what was captured', async () => {
    const intent = await createHeld(running);
    await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 30_000 });
    const first = await stripe.refunds.create({
      payment_intent: intent.id,
      amount: 10_000,
      reason: 'requested_by_customer',
      metadata: { refundId: 'r1' },
    });
    expect(first).toMatchObject({ status: 'succeeded', amount: 10_000, currency: 'inr', metadata: { refundId: 'r1' } });
    const rest = await stripe.refunds.create({ charge: idOf(first.charge) });
    expect(rest.amount).toBe(20_000);
    expect(await stripe.charges.retrieve(idOf(first.charge))).toMatchObject({
      refunded: true,
      amount_refunded: 30_000,
    });
    const { data } = await stripe.refunds.list({ payment_intent: intent.id });
    expect(data.map(({ id }) => id)).toEqual([rest.id, first.id]);
    expect(await stripe.refunds.retrieve(first.id, { expand: ['charge', 'payment_intent'] })).toMatchObject({
      charge: { object: 'charge' },
      payment_intent: { id: intent.id },
    });
    expect(await reportOf(intent.id)).toMatchObject({ captured: 30_000, refunded: 30_000, refundCount: 2 });
  });
});

describe('lists', () => {
  it('of many, come in pages, newest first, and the SDK walks them', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push((await createManual(stripe, 100 + n)).id);
    const newest = made.toReversed();
    const first = await stripe.paymentIntents.list({ limit: 2 });
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' });
    expect(first.data.map(({ id }) => id)).toEqual(newest.slice(0, 2));
    const before = await stripe.paymentIntents.list({ limit: 2, ending_before: newest[3] ?? '' });
    expect(before.data.map(({ id }) => id)).toEqual(newest.slice(1, 3));
    const walked: string[] = [];
    for await (const { id } of stripe.paymentIntents.list({ limit: 2 })) {
      walked.push(id);
      if (walked.length === 5) break;
    }
    expect(walked).toEqual(newest);
  });

  it('of events, are filtered by type and time', async () => {
    const intent = await createHeld(running);
    const { data } = await stripe.events.list({ types: ['charge.succeeded', 'payment_intent.created'], limit: 2 });
    expect(data.map(({ type }) => type)).toEqual(['charge.succeeded', 'payment_intent.created']);
    const [created] = (await stripe.events.list({ type: 'payment_intent.created', limit: 1 })).data;
    expect(created?.data.object).toMatchObject({ id: intent.id, status: 'requires_payment_method' });
    expect(await stripe.events.retrieve(created?.id ?? '')).toMatchObject({ type: 'payment_intent.created' });
    const future = (created?.created ?? 0) + 1000;
    expect((await stripe.events.list({ created: { gte: future } })).data).toEqual([]);
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });
});
