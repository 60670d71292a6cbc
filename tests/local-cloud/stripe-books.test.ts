import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stripe } from 'stripe';
import { localCloud } from '../setup/with-local-cloud.ts';
import {
  book,
  clearFaults,
  closeDispute,
  openDispute,
  saveCard,
  setFaults,
  settleRefund,
} from '../../scripts/local-cloud/control-client.ts';

let stripe: Stripe;
beforeAll(() => {
  const { hostname, port } = new URL(localCloud.stripeUrl);
  stripe = new Stripe(localCloud.env['STRIPE_SECRET_KEY'] ?? '', {
    ...{ host: hostname, port, protocol: 'http', maxNetworkRetries: 0 },
  });
});
afterAll(() => clearFaults(localCloud.stripeUrl));

const MANUAL = { amount: 10_000, currency: 'eur', capture_method: 'manual' } as const;

async function held(more: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    ...MANUAL,
    ...{ allowed_payment_method_types: ['card'], payment_method: 'pm_card_visa', confirm: true, ...more },
  });
}

async function captured(amountToCapture?: number): Promise<Stripe.PaymentIntent> {
  const { id } = await held({ metadata: { orderId: 'ours' } });
  return stripe.paymentIntents.capture(id, amountToCapture === undefined ? {} : { amount_to_capture: amountToCapture });
}

/** A reference that was not expanded. */
function idOf(reference: unknown): string {
  return typeof reference === 'string' ? reference : '';
}

async function entryOf(id: string) {
  return (await book(localCloud.stripeUrl)).perIntent.find((entry) => entry.id === id);
}

/** Saved as a browser does. */
async function savedCard(paymentMethod = 'pm_card_visa'): Promise<{ customer: string; card: string }> {
  const { id: customer } = await stripe.customers.create({ metadata: { userId: 'u1' } });
  const setup = await stripe.setupIntents.create({ customer, allowed_payment_method_types: ['card'] });
  const { stripeUrl } = localCloud;
  const publishableKey = localCloud.env['STRIPE_PUBLISHABLE_KEY'] ?? '';
  expect(await saveCard({ stripeUrl, publishableKey, clientSecret: setup.client_secret ?? '', paymentMethod })).toBe(
    200,
  );
  const { payment_method: card } = await stripe.setupIntents.retrieve(setup.id);
  return { customer, card: idOf(card) };
}

describe('a capture in part', () => {
  it('releases the rest, and is a line of the balance with its fee', async () => {
    const intent = await captured(4_000);
    expect(intent).toMatchObject({ status: 'succeeded', amount: 10_000, amount_received: 4_000 });
    expect(await entryOf(intent.id)).toMatchObject({ captured: 4_000, released: 6_000 });
    const { data } = await stripe.balanceTransactions.list({ source: idOf(intent.latest_charge) });
    expect(data).toMatchObject([{ type: 'charge', amount: 4_000, fee: 85, net: 3_915 }]);
  });

  it('of more than is held is refused', async () => {
    const { id } = await held();
    const attempt = stripe.paymentIntents.capture(id, { amount_to_capture: 10_001 });
    await expect(attempt).rejects.toMatchObject({ code: 'amount_too_large' });
  });
});

describe('refunds', () => {
  it('are many, in part, and never more than was captured', async () => {
    const { id } = await captured();
    await stripe.refunds.create({ payment_intent: id, amount: 4_000 });
    await stripe.refunds.create({ payment_intent: id, amount: 6_000 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 1 })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
    expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(2);
  });

  it('that are pending succeed, or fail and come back', async () => {
    const { id } = await captured();
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'processing', path: '/v1/refunds', method: 'POST' }] });
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 4_000 });
    expect(refund.status).toBe('pending');
    await settleRefund(localCloud.stripeUrl, refund.id, 'approve');
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    await settleRefund(localCloud.stripeUrl, refund.id, 'fail');
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await entryOf(id)).toMatchObject({ refunded: 0, refundCount: 1 });
    const { data } = await stripe.balanceTransactions.list({ source: refund.id });
    expect(data.map(({ type, amount }) => [type, amount])).toEqual([
      ['refund_failure', 4_000],
      ['refund', -4_000],
    ]);
  });
});

describe('a dispute', () => {
  it.each([
    ['won', 0],
    ['lost', 10_000],
  ] as const)('takes the money, lets nothing be refunded, and is %s', async (outcome, disputed) => {
    const { id } = await captured();
    const dispute = await openDispute(localCloud.stripeUrl, id);
    await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({ code: 'charge_disputed' });
    await closeDispute(localCloud.stripeUrl, dispute.id, outcome);
    expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({ status: outcome });
    expect(await entryOf(id)).toMatchObject({ captured: 10_000, disputed });
    const { data } = await stripe.events.list({ limit: 10 });
    expect(data.map(({ type }) => type)).toContain('charge.dispute.closed');
  });
});

describe('a saved card', () => {
  it('pays for its customer without asking, and for nobody else', async () => {
    const { customer, card } = await savedCard();
    const intent = await held({ customer, payment_method: card, off_session: true });
    expect(intent.status).toBe('requires_capture');
    await expect(held({ payment_method: card })).rejects.toMatchObject({ param: 'payment_method' });
    const { id: stranger } = await stripe.customers.create({});
    await expect(held({ customer: stranger, payment_method: card })).rejects.toMatchObject({ param: 'payment_method' });
  });

  it('whose bank asks is declined where nobody can be asked', async () => {
    const { customer, card } = await savedCard('pm_card_authenticationRequired');
    const attempt = held({ customer, payment_method: card, off_session: true });
    await expect(attempt).rejects.toMatchObject({ code: 'authentication_required', statusCode: 402 });
  });

  it('is gone once it is detached, or its customer deleted', async () => {
    const { customer, card } = await savedCard();
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
    await stripe.paymentMethods.detach(card);
    await expect(stripe.paymentMethods.detach(card)).rejects.toThrow();
    await stripe.customers.del(customer);
    await expect(stripe.customers.del(customer)).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('the balance', () => {
  it('lists every line newest first, in pages, and leads to what we wrote down', async () => {
    const intent = await captured();
    await stripe.refunds.create({ payment_intent: intent.id, amount: 100, metadata: { refundId: 'r1' } });
    const since = { created: { gte: intent.created } };
    const first = await stripe.balanceTransactions.list({ ...since, limit: 1, expand: ['data.source'] });
    expect(first).toMatchObject({
      has_more: true,
      data: [{ type: 'refund', amount: -100, source: { object: 'refund', metadata: { refundId: 'r1' } } }],
    });
    const rest = await stripe.balanceTransactions.list({
      ...{ ...since, limit: 1, expand: ['data.source'], starting_after: first.data[0]?.id ?? '' },
    });
    expect(rest.data).toMatchObject([{ type: 'charge', source: { metadata: { orderId: 'ours' } } }]);
  });
});
