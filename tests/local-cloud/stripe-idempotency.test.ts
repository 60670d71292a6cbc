import type { Stripe } from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { book, clearFaults, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { createHeld, refusalOf, startCloud, type RunningCloud } from './support.ts';

let running: RunningCloud;
let keyCount = 0;

beforeAll(async () => {
  running = await startCloud();
});
afterAll(() => running.stop());
beforeEach(() => clearFaults(running.cloud.stripeUrl));

function nextKey(): string {
  keyCount += 1;
  return `intent-${keyCount}`;
}

function create(idempotencyKey: string, params: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return running.stripe.paymentIntents.create(
    { amount: 1000, currency: 'inr', metadata: { b: '2', a: '1' }, ...params },
    { idempotencyKey },
  );
}

async function intentCount(): Promise<number> {
  return (await book(running.cloud.stripeUrl)).intents.length;
}

describe('an idempotency key', () => {
  it('used again with the same parameters, gets the first answer and says so', async () => {
    const key = nextKey();
    const first = await create(key);
    const before = await intentCount();
    const second = await create(key, { metadata: { a: '1', b: '2' } });
    expect(second).toEqual({ ...first });
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
    expect(await intentCount()).toBe(before);
  });

  it('used again after the object moved on, still gets the first answer', async () => {
    const key = nextKey();
    const first = await create(key);
    await running.stripe.paymentIntents.cancel(first.id);
    expect((await create(key)).status).toBe('requires_payment_method');
  });

  it('used with other parameters, is refused', async () => {
    const key = nextKey();
    await create(key);
    const refusal = await refusalOf(create(key, { amount: 1001 }));
    expect(refusal).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400, rawType: 'idempotency_error' });
    expect(refusal.message).toContain('same parameters');
  });

  it('used at another endpoint, is refused', async () => {
    const key = nextKey();
    const { id } = await create(key);
    const refusal = await refusalOf(running.stripe.paymentIntents.cancel(id, {}, { idempotencyKey: key }));
    expect(refusal).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    expect(refusal.message).toContain('same endpoint');
  });

  it('twenty times at once, makes one intent', async () => {
    const key = nextKey();
    const before = await intentCount();
    const intents = await Promise.all(Array.from({ length: 20 }, () => create(key)));
    expect(new Set(intents.map(({ id }) => id)).size).toBe(1);
    expect(await intentCount()).toBe(before + 1);
  });

  it('used while the first request is under way, is 409', async () => {
    const key = nextKey();
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'hang_before', ms: 400 }] });
    const [first, second] = await Promise.allSettled([create(key), refusalAfter(100, key)]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ value: { statusCode: 409, code: 'idempotency_key_in_use' } });
  });

  it('of a refused state, replays the refusal even when it would succeed now', async () => {
    const key = nextKey();
    const intent = await create(nextKey(), { capture_method: 'manual' });
    const capture = () => running.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: key });
    await refusalOf(capture());
    await running.pay(intent);
    expect(await refusalOf(capture())).toMatchObject({ code: 'payment_intent_unexpected_state' });
    expect((await running.stripe.paymentIntents.capture(intent.id)).status).toBe('succeeded');
  });

  it('of a declined card, replays the decline', async () => {
    const key = nextKey();
    const intent = await create(nextKey(), { allowed_payment_method_types: ['card'] });
    const confirm = () =>
      running.stripe.paymentIntents.confirm(
        intent.id,
        { payment_method: 'pm_card_visa_chargeDeclined' },
        { idempotencyKey: key },
      );
    const first = await refusalOf(confirm());
    const second = await refusalOf(confirm());
    expect(second).toMatchObject({ statusCode: 402, charge: first.charge });
    const { charges } = await book(running.cloud.stripeUrl);
    expect(charges.filter(({ payment_intent: id }) => id === intent.id)).toHaveLength(1);
  });

  it('of invalid parameters, is not used up', async () => {
    const key = nextKey();
    await refusalOf(create(key, { amount: 1 }));
    expect((await create(key)).status).toBe('requires_payment_method');
  });

  it('longer than 255 characters, is refused', async () => {
    expect(await refusalOf(create('k'.repeat(256)))).toMatchObject({ statusCode: 400 });
  });
});

describe('a request that goes wrong', () => {
  it('failing before it began, leaves nothing and may be repeated', async () => {
    const key = nextKey();
    const before = await intentCount();
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'fail_before', path: '/v1/payment_intents' }] });
    expect(await refusalOf(create(key))).toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    expect(await intentCount()).toBe(before);
    await create(key);
    expect(await intentCount()).toBe(before + 1);
  });

  it('failing after it began, is remembered as the 500 it was', async () => {
    const intent = await createHeld(running);
    const key = nextKey();
    const capture = () => running.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: key });
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'fail_after', path: '/capture' }] });
    expect(await refusalOf(capture())).toMatchObject({ statusCode: 500 });
    const again = await refusalOf(capture());
    expect(again).toMatchObject({ statusCode: 500 });
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', 'stripe-should-retry': 'false' });
    expect((await running.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  });

  it('losing its answer twice, has one effect and is found again by its key', async () => {
    const intent = await createHeld(running, 700);
    const key = nextKey();
    const capture = () => running.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: key });
    // The SDK itself repeats once after a broken connection, so the caller notices only the second.
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'lose_answer', path: '/capture', times: 2 }] });
    expect(await refusalOf(capture())).toMatchObject({ type: 'StripeConnectionError' });
    expect((await capture()).status).toBe('succeeded');
    const { perIntent } = await book(running.cloud.stripeUrl);
    expect(perIntent.find(({ id }) => id === intent.id)).toMatchObject({ captured: 700, captureCount: 1 });
  });

  it('answering too late for the caller, has its effect all the same', async () => {
    const intent = await createHeld(running, 700);
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'hang_after', ms: 600, path: '/capture' }] });
    const key = nextKey();
    const impatient = running.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: key, timeout: 150 });
    expect(await refusalOf(impatient)).toMatchObject({ type: 'StripeConnectionError' });
    const repeated = await running.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: key });
    expect(repeated.status).toBe('succeeded');
    expect(repeated.lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  it('aimed at by path and method, spares the others', async () => {
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'fail_before', method: 'POST', path: '/cancel' }] });
    const intent = await create(nextKey());
    await running.stripe.paymentIntents.retrieve(intent.id);
    expect(await refusalOf(running.stripe.paymentIntents.cancel(intent.id))).toMatchObject({ statusCode: 500 });
    expect((await running.stripe.paymentIntents.cancel(intent.id)).status).toBe('canceled');
  });

  it('asked for in words the control API does not know, is a clear refusal', async () => {
    const wrong = setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'explode' as 'hang_before' }] });
    await expect(wrong).rejects.toThrow(/kind/);
  });
});

async function refusalAfter(ms: number, key: string): Promise<Stripe.errors.StripeError> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return refusalOf(create(key));
}
