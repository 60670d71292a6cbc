import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { book } from '../../scripts/local-cloud/control-client.ts';
import { createHeld, createManual, refusalOf, startCloud, stripeFor, type RunningCloud } from './support.ts';

let running: RunningCloud;
let stripe: Stripe;

beforeAll(async () => {
  running = await startCloud();
  ({ stripe } = running);
});
afterAll(() => running.stop());

/** Sends what the SDK's types would not let through. */
async function post(path: string, params: Record<string, string>, key = running.secretOf('STRIPE_SECRET_KEY')) {
  const response = await fetch(`${running.cloud.stripeUrl}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
    body: new URLSearchParams(params),
  });
  const { error } = (await response.json()) as { error?: Record<string, unknown> };
  return { status: response.status, error };
}

async function refundableIntent(amount: number): Promise<Stripe.PaymentIntent> {
  const intent = await createHeld(running, amount);
  return stripe.paymentIntents.capture(intent.id);
}

describe('parameters', () => {
  it.each([
    [{ currency: 'inr' }, 'amount', 'parameter_missing'],
    [{ amount: '100' }, 'currency', 'parameter_missing'],
    [{ amount: '', currency: 'inr' }, 'amount', 'parameter_invalid_empty'],
    [{ amount: '12.5', currency: 'inr' }, 'amount', 'parameter_invalid_integer'],
    [{ amount: '1e3', currency: 'inr' }, 'amount', 'parameter_invalid_integer'],
    [{ amount: '0', currency: 'inr' }, 'amount', 'parameter_invalid_integer'],
    [{ amount: '-500', currency: 'inr' }, 'amount', 'parameter_invalid_integer'],
    [{ amount: '49', currency: 'inr' }, 'amount', 'amount_too_small'],
    [{ amount: '1000000000', currency: 'inr' }, 'amount', 'amount_too_large'],
    [{ amount: '100', currency: 'rupees' }, 'currency', undefined],
    [{ amount: '100', currency: 'inr', capture_method: 'later' }, 'capture_method', undefined],
    [{ amount: '100', currency: 'inr', tip: '5' }, 'tip', 'parameter_unknown'],
    [{ amount: '100', currency: 'inr', confirm: 'yes' }, 'confirm', undefined],
    [{ amount: '100', currency: 'inr', metadata: 'x' }, 'metadata', undefined],
    [{ amount: '100', currency: 'inr', 'metadata[a': 'x' }, 'metadata[a', undefined],
    [
      { amount: '100', currency: 'inr', [`metadata[${'k'.repeat(41)}]`]: 'x' },
      `metadata[${'k'.repeat(41)}]`,
      undefined,
    ],
    [{ amount: '100', currency: 'inr', payment_method: 'pm_nope' }, 'payment_method', 'resource_missing'],
    [
      { amount: '100', currency: 'inr', 'payment_method_types[]': 'card' },
      'payment_method_types',
      'payment_method_types_no_longer_supported',
    ],
  ])('%o, are refused by name', async (params, param, code) => {
    const { status, error } = await post('/v1/payment_intents', params);
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(error?.['code']).toBe(code);
  });

  it('refused, leave nothing behind', async () => {
    const before = await book(running.cloud.stripeUrl);
    await post('/v1/payment_intents', {
      amount: '100',
      currency: 'inr',
      confirm: 'true',
      payment_method: 'pm_card_visa',
    });
    expect(await book(running.cloud.stripeUrl)).toEqual(before);
  });
});

describe('keys', () => {
  it('unknown, are 401 and shown masked', async () => {
    const stranger = stripeFor(running.cloud, 'sk_test_somebody_else_1234');
    const refusal = await refusalOf(createManual(stranger));
    expect(refusal).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 });
    expect(refusal.message).not.toContain('somebody_else');
  });

  it('absent, are 401', async () => {
    const response = await fetch(`${running.cloud.stripeUrl}/v1/payment_intents`);
    expect(response.status).toBe(401);
  });

  it('publishable, may not do what needs the secret one', async () => {
    const browser = stripeFor(running.cloud, running.secretOf('STRIPE_PUBLISHABLE_KEY'));
    const intent = await createManual(stripe);
    for (const call of [
      createManual(browser),
      browser.paymentIntents.capture(intent.id),
      browser.refunds.create({ payment_intent: intent.id }),
      browser.events.list(),
    ]) {
      expect(await refusalOf(call)).toMatchObject({ statusCode: 403, code: 'secret_key_required' });
    }
  });

  it('publishable, need the client secret and see no metadata', async () => {
    const browser = stripeFor(running.cloud, running.secretOf('STRIPE_PUBLISHABLE_KEY'));
    const intent = await stripe.paymentIntents.create({ amount: 100, currency: 'inr', metadata: { orderId: 'a1' } });
    expect(await refusalOf(browser.paymentIntents.retrieve(intent.id))).toMatchObject({ param: 'client_secret' });
    const wrong = browser.paymentIntents.retrieve(intent.id, { client_secret: `${intent.id}_secret_guess` });
    expect(await refusalOf(wrong)).toMatchObject({ statusCode: 400, code: 'payment_intent_invalid_parameter' });
    const secret = { client_secret: intent.client_secret ?? '' };
    const seen = await browser.paymentIntents.retrieve(intent.id, secret);
    expect(seen).toMatchObject({ id: intent.id, amount: 100 });
    expect(seen).not.toHaveProperty('metadata');
    const stolen = await running.pay({ ...intent, client_secret: `${intent.id}_secret_guess` });
    expect(stolen).toMatchObject({ ok: false, status: 400 });
  });
});

describe('an id nobody has', () => {
  it.each([
    ['payment intent', () => stripe.paymentIntents.retrieve('pi_nope')],
    ['payment intent to capture', () => stripe.paymentIntents.capture('pi_nope')],
    ['payment intent to cancel', () => stripe.paymentIntents.cancel('pi_nope')],
    ['charge', () => stripe.charges.retrieve('ch_nope')],
    ['refund', () => stripe.refunds.retrieve('re_nope')],
    ['event', () => stripe.events.retrieve('evt_nope')],
  ])('of a %s, is 404', async (_what, call) => {
    expect(await refusalOf(call())).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('of a payment intent in the parameters, is 400', async () => {
    const refusal = await refusalOf(stripe.refunds.create({ payment_intent: 'pi_nope' }));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'payment_intent' });
  });

  it('of a charge, does not find a payment intent', async () => {
    const intent = await createManual(stripe);
    expect(await refusalOf(stripe.charges.retrieve(intent.id))).toMatchObject({ statusCode: 404 });
  });

  it('of a whole resource, is an unrecognized URL', async () => {
    expect(await refusalOf(stripe.customers.list())).toMatchObject({ statusCode: 404 });
  });
});

describe('a capture', () => {
  it.each([
    ['not paid yet', () => createManual(stripe)],
    ['captured already', () => refundableIntent(500)],
    [
      'canceled',
      async () => {
        const { id } = await createHeld(running);
        return stripe.paymentIntents.cancel(id);
      },
    ],
  ])('of a payment %s, is refused and moves no money', async (_circumstance, make) => {
    const intent = await make();
    const before = await book(running.cloud.stripeUrl);
    const refusal = await refusalOf(stripe.paymentIntents.capture(intent.id));
    expect(refusal).toMatchObject({
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: intent.id, status: intent.status },
    });
    expect(await book(running.cloud.stripeUrl)).toEqual(before);
  });

  it('above the amount, is refused and leaves the hold', async () => {
    const intent = await createHeld(running, 500);
    const refusal = await refusalOf(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 501 }));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'amount_too_large', param: 'amount_to_capture' });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('twenty times at once, is executed once', async () => {
    const intent = await createHeld(running, 500);
    const attempts = Array.from({ length: 20 }, () => stripe.paymentIntents.capture(intent.id));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { perIntent } = await book(running.cloud.stripeUrl);
    expect(perIntent.find(({ id }) => id === intent.id)).toMatchObject({ captured: 500, captureCount: 1 });
  });
});

describe('a cancellation', () => {
  it.each([
    ['captured', () => refundableIntent(500)],
    [
      'canceled already',
      async () => {
        const { id } = await createManual(stripe);
        return stripe.paymentIntents.cancel(id);
      },
    ],
  ])('of a payment %s, is refused', async (_circumstance, make) => {
    const { id } = await make();
    const refusal = await refusalOf(stripe.paymentIntents.cancel(id));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  });

  it('for a reason of our own, is refused', async () => {
    const { id } = await createManual(stripe);
    const { status, error } = await post(`/v1/payment_intents/${id}/cancel`, { cancellation_reason: 'out_of_rice' });
    expect({ status, param: error?.['param'] }).toEqual({ status: 400, param: 'cancellation_reason' });
  });
});

describe('a confirmation', () => {
  it('without a card, is refused', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 100,
      currency: 'inr',
      allowed_payment_method_types: ['card'],
    });
    const refusal = await refusalOf(stripe.paymentIntents.confirm(intent.id));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  });

  it.each([
    ['held', () => createHeld(running)],
    ['captured', () => refundableIntent(500)],
  ])('of a payment that is %s, is refused', async (_circumstance, make) => {
    const intent = await make();
    expect(await running.pay(intent)).toMatchObject({
      ok: false,
      status: 400,
      code: 'payment_intent_unexpected_state',
    });
  });

  it('by a server that names no return_url, is refused while redirects are possible', async () => {
    const intent = await createManual(stripe);
    const refusal = await refusalOf(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
    expect(refusal).toMatchObject({ statusCode: 400, param: 'return_url' });
  });
});

describe('a refund', () => {
  it('of nothing captured, is refused', async () => {
    for (const intent of [await createManual(stripe), await createHeld(running)]) {
      const refusal = await refusalOf(stripe.refunds.create({ payment_intent: intent.id }));
      expect(refusal).toMatchObject({ statusCode: 400, param: 'payment_intent' });
    }
  });

  it('above what was captured, is refused and sums are kept', async () => {
    const held = await createHeld(running, 1000);
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 600 });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 601 }))).toMatchObject({
      statusCode: 400,
      param: 'amount',
      message: 'Refund amount (6.01 inr) is greater than charge amount (6.00 inr)',
    });
    await stripe.refunds.create({ payment_intent: held.id, amount: 400 });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 201 }))).toMatchObject({
      message: 'Refund amount (2.01 inr) is greater than unrefunded amount on charge (2.00 inr)',
    });
    await stripe.refunds.create({ payment_intent: held.id });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 1 }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    });
    const { perIntent } = await book(running.cloud.stripeUrl);
    expect(perIntent.find(({ id }) => id === held.id)).toMatchObject({ captured: 600, refunded: 600, refundCount: 2 });
  });

  it('of neither charge nor payment intent, is refused', async () => {
    const refusal = await refusalOf(stripe.refunds.create({ amount: 100 }));
    expect(refusal).toMatchObject({ statusCode: 400, code: 'parameter_missing' });
  });

  it('of half the money, twenty times at once, is executed twice', async () => {
    const intent = await refundableIntent(1000);
    const attempts = Array.from({ length: 20 }, () =>
      stripe.refunds.create({ payment_intent: intent.id, amount: 500 }),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});

describe('an API version of another name', () => {
  it('is refused rather than answered in the wrong dialect', async () => {
    const { hostname, port } = new URL(running.cloud.stripeUrl);
    const old = new Stripe(running.secretOf('STRIPE_SECRET_KEY'), {
      host: hostname,
      port,
      protocol: 'http',
      // @ts-expect-error the SDK's types know its own version only
      apiVersion: '2022-11-15',
    });
    expect(await refusalOf(createManual(old))).toMatchObject({ statusCode: 400 });
  });
});
