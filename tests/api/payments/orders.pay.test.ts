import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  authenticatePayment,
  book,
  clearFaults,
  expirePayment,
  payWithCard,
  saveCard as saveAtProvider,
  setFaults,
} from '../../../scripts/local-cloud/control-client.ts';
import { config } from '../../../src/config/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { CardModel, ProviderCustomerModel } from '../../../src/modules/payments/cards/card.model.ts';
import { addCardRoute, listCardsRoute } from '../../../src/modules/payments/cards/cards.schema.ts';
import { saveCard } from '../../../src/modules/payments/cards/cards.service.ts';
import { forgetAtProvider } from '../../../src/modules/payments/gateways/stripe-cards.ts';
import { discardIntent, makeIntent } from '../../../src/modules/payments/intents.service.ts';
import { flagProblem } from '../../../src/modules/payments/payment-problem.service.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { payOrderRoute } from '../../../src/modules/payments/payments.schema.ts';
import { expireOrderUnlessPaid } from '../../../src/modules/payments/payments.service.ts';
import { reconcilePayments } from '../../../src/modules/payments/reconcile.service.ts';
import { renewHold } from '../../../src/modules/payments/renew-hold.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createCard } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createHeldOrder, PROVIDER_AWAY, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
let customer: Login;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => app.stop());

async function become(): Promise<{ customerId: string }> {
  await resetRateLimits();
  customer = await logInAs();
  return { customerId: customer.userId };
}

interface As {
  key?: string;
  login?: Login;
}

function payOver(order: OrderRecord, body: object = {}, { key = randomUUID(), login = customer }: As = {}) {
  const request = app.request.post(`/api/v1/orders/${order._id}/pay`).set(login.headers);
  return request.set('Idempotency-Key', key).send(body);
}

interface PaymentBody {
  status: string;
  clientSecret: string | null;
  publishableKey: string;
  failureCode: string | null;
}

/** Through the front door: set up, confirmed in the browser, told by the provider. */
async function addCardOf(paymentMethod: string): Promise<string> {
  const res = await app.request.post('/api/v1/me/cards').set(customer.headers).expect(202);
  expectContract(addCardRoute, res);
  const { clientSecret, publishableKey } = res.body as { clientSecret: string; publishableKey: string };
  const { stripeUrl } = localCloud;
  expect(await saveAtProvider({ stripeUrl, publishableKey, clientSecret, paymentMethod })).toBe(200);
  await saveCard(clientSecret.split('_secret_')[0] ?? '');
  const card = await CardModel.findOne({ userId: customer.userId }).sort({ _id: -1 }).lean();
  return card?._id ?? '';
}

/** Everything that the provider's book has on the order's intents. */
async function sumsOf(order: OrderRecord) {
  const { perIntent } = await book(localCloud.stripeUrl);
  const ours = perIntent.filter(({ metadata }) => metadata['orderId'] === order._id);
  const sum = (of: (entry: (typeof ours)[number]) => number) => ours.reduce((all, entry) => all + of(entry), 0);
  return {
    intents: ours.length,
    captured: sum(({ captured }) => captured),
    kept: sum(({ captured, refunded }) => captured - refunded),
    held: sum(({ authorized, captured, released }) => authorized - captured - released),
  };
}

async function discardPast(order: OrderRecord): Promise<void> {
  const { pastIntentIds } = await storedPayment(order);
  for (const intentId of pastIntentIds) await discardIntent(order.paymentId, intentId);
}

describe('POST /orders/:orderId/pay', () => {
  it('gives the secret of the one intent while the order waits', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const first = await payOver(order).expect(200);
    expectContract(payOrderRoute, first);
    const second = await payOver(order).expect(200);
    expect((first.body as PaymentBody).clientSecret).toContain('_secret_');
    expect(second.body).toEqual(first.body);
    expect((await sumsOf(order)).intents).toBe(1);
  });

  it('pays with a saved card at once, and once for a repeated key', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const cardId = await addCardOf('pm_card_visa');
    const key = randomUUID();
    const res = await payOver(order, { cardId }, { key }).expect(200);
    expect(res.body).toMatchObject({ status: 'authorized', clientSecret: null });
    await payOver(order, { cardId }, { key }).expect(200);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed' });
    expect(await sumsOf(order)).toMatchObject({ intents: 1, held: TOTAL });
    expect(errorOf(await payOver(order, { cardId }).expect(409)).code).toBe('invalid_transition');
  });

  it('tells of a saved card that is declined, and takes another', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const good = await addCardOf('pm_card_visa');
    const bad = await createCard({ userId: customer.userId, ...(await providerCard('pm_card_visa_chargeDeclined')) });
    const declined = await payOver(order, { cardId: bad._id }).expect(200);
    expect(declined.body).toMatchObject({ status: 'requires_payment', failureCode: 'generic_decline' });
    expect((await payOver(order, { cardId: good }).expect(200)).body).toMatchObject({ status: 'authorized' });
  });

  it('whose bank asks tells so, on the order, too', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const cardId = await addCardOf('pm_card_authenticationRequired');
    const res = await payOver(order, { cardId }).expect(200);
    expect(res.body).toMatchObject({ status: 'requires_action', clientSecret: expect.any(String) as string });
    const types = (await expectSoundOrder(order._id)).map(({ type }) => type);
    expect(types).toEqual(['order.created', 'payment.requires_action']);
    await authenticatePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '', 'approve');
    await expireOrderUnlessPaid(order._id);
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });

  it("takes nobody else's card, order, or the office's word", async () => {
    const order = await createOrderIn('pending_payment', await become());
    const foreign = await createCard();
    expect(errorOf(await payOver(order, { cardId: foreign._id }).expect(404)).code).toBe('not_found');
    await payOver(order, {}, { login: await logInAs() }).expect(404);
    await payOver(order, {}, { login: await logInAs({ roles: ['support'] }) }).expect(403);
    expect((await sumsOf(order)).intents).toBe(0);
  });

  it('is refused where nothing is to be paid', async () => {
    for (const status of ['placed', 'cancelled', 'delivered'] as const) {
      const order = await createOrderIn(status, await become());
      expect(errorOf(await payOver(order).expect(409)).code).toBe('invalid_transition');
    }
  });
});

/** A saved card of the customer's that the bank declines when it is used; it was good when it was saved. */
async function providerCard(testCard: string) {
  const customerRow = await ProviderCustomerModel.findById(customer.userId).lean();
  const { providerCustomerId } = customerRow ?? { providerCustomerId: '' };
  return { providerCustomerId, paymentMethodId: testCard };
}

/** Accepted, and its hold has run out at the bank. */
async function problematicOrder(): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted', await become());
  await expirePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '');
  await settlePayment(order._id);
  return order;
}

describe('a capture that is refused for good', () => {
  it('lets the customer pay again with another intent, which is captured', async () => {
    const order = await problematicOrder();
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', paymentStatus: 'payment_problem' });
    const res = await payOver(order).expect(200);
    const { clientSecret, publishableKey } = res.body as PaymentBody;
    const paymentMethod = 'pm_card_mastercard';
    const { stripeUrl } = localCloud;
    await payWithCard({ stripeUrl, publishableKey, clientSecret: clientSecret ?? '', paymentMethod });
    setClock({ offsetMs: 61_000 });
    await reconcilePayments();
    await settlePayment(order._id);
    await discardPast(order);
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', attempt: 2, amountCapturedMinor: TOTAL });
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: TOTAL, kept: TOTAL, held: 0 });
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', payAgainUntil: null });
    setClock({ frozenAt: secondsFromNow(config.orders.payAgainSeconds + 1) });
    await fireDueTimers(now());
    expect((await getStoredOrder(order._id)).status).toBe('accepted');
  });

  it('cancels the order at its second, with the platform liable, when nobody pays', async () => {
    const order = await problematicOrder();
    const { payAgainUntil } = await getStoredOrder(order._id);
    expect(payAgainUntil).not.toBeNull();
    setClock({ frozenAt: new Date((payAgainUntil ?? now()).getTime() - 1_000) });
    await fireDueTimers(now());
    expect((await getStoredOrder(order._id)).status).toBe('accepted');
    setClock({ frozenAt: new Date((payAgainUntil ?? now()).getTime() + 1_000) });
    await fireDueTimers(now());
    expect(await getStoredOrder(order._id)).toMatchObject({
      ...{ status: 'cancelled', liableParty: 'platform', amountDueMinor: 0 },
    });
    await expectSoundOrder(order._id);
    await settlePayment(order._id);
    expect(await sumsOf(order)).toEqual({ intents: 1, captured: 0, kept: 0, held: 0 });
  });

  it.each(['pm_card_authenticationRequired', 'pm_card_visa_chargeDeclined'])(
    'cancels it all the same when the customer has begun to pay again, and no more: %s',
    async (testCard) => {
      const order = await problematicOrder();
      await addCardOf('pm_card_visa');
      const card = await createCard({ userId: customer.userId, ...(await providerCard(testCard)) });
      await payOver(order, { cardId: card._id }).expect(200);
      const { payAgainUntil } = await getStoredOrder(order._id);
      setClock({ frozenAt: new Date((payAgainUntil ?? now()).getTime() + 1_000) });
      await fireDueTimers(now());
      expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled', liableParty: 'platform' });
      await expectSoundOrder(order._id);
      await settlePayment(order._id);
      expect(await sumsOf(order)).toMatchObject({ kept: 0, held: 0 });
    },
  );

  /** The last try of a capture had no answer; whether the provider took the money depends on the fault. */
  async function silentOrder(kind: 'lose_answer' | 'fail_before'): Promise<OrderRecord> {
    const order = await createHeldOrder('accepted', await become());
    await setFaults(localCloud.stripeUrl, { requests: [{ kind, path: '/capture', times: 3 }] });
    await expect(settlePayment(order._id, { isLastTry: true })).rejects.toThrow();
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('payment_problem');
    await clearFaults(localCloud.stripeUrl);
    return order;
  }

  it('that succeeded in silence is the payment: the customer is not asked to pay twice', async () => {
    const order = await silentOrder('lose_answer');
    expect(errorOf(await payOver(order).expect(409)).code).toBe('invalid_transition');
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', attempt: 1, pastIntentIds: [] });
    expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: 'captured', payAgainUntil: null });
    expect(await sumsOf(order)).toEqual({ intents: 1, captured: TOTAL, kept: TOTAL, held: 0 });
  });

  it('that stayed silent without success is freed before the customer pays anew', async () => {
    const order = await silentOrder('fail_before');
    const { clientSecret, publishableKey } = (await payOver(order).expect(200)).body as PaymentBody;
    expect(await sumsOf(order)).toMatchObject({ intents: 2, held: 0 });
    const { stripeUrl } = localCloud;
    const paymentMethod = 'pm_card_visa';
    await payWithCard({ stripeUrl, publishableKey, clientSecret: clientSecret ?? '', paymentMethod });
    setClock({ offsetMs: 61_000 });
    await reconcilePayments();
    await settlePayment(order._id);
    await discardPast(order);
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: TOTAL, kept: TOTAL, held: 0 });
  });

  it('while the provider is still silent is neither given up nor paid a second time', async () => {
    const order = await silentOrder('lose_answer');
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    expect(errorOf(await payOver(order).expect(503)).code).toBe('payment_provider_unavailable');
    expect(await storedPayment(order)).toMatchObject({ status: 'capturing', attempt: 1 });
    await clearFaults(localCloud.stripeUrl);
    await settlePayment(order._id);
    expect(await sumsOf(order)).toEqual({ intents: 1, captured: TOTAL, kept: TOTAL, held: 0 });
  });

  it('and a customer who pays, at once: the money is taken once', async () => {
    const order = await silentOrder('fail_before');
    await Promise.allSettled([
      ...Array.from({ length: 4 }, () => settlePayment(order._id)),
      payOver(order),
      payOver(order),
    ]);
    await settlePayment(order._id).catch(() => undefined);
    await discardPast(order);
    const { captured, kept, held } = await sumsOf(order);
    expect([0, TOTAL]).toContain(captured);
    expect([kept, held]).toEqual([captured, 0]);
  });

  it('that is told late says nothing of the attempt that came after it', async () => {
    const order = await problematicOrder();
    const late = await storedPayment(order);
    const { clientSecret, publishableKey } = (await payOver(order).expect(200)).body as PaymentBody;
    const { stripeUrl } = localCloud;
    await payWithCard({ stripeUrl, publishableKey, clientSecret: clientSecret ?? '', paymentMethod: 'pm_card_visa' });
    setClock({ offsetMs: 61_000 });
    await reconcilePayments();
    await flagProblem(late);
    expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: 'authorized', payAgainUntil: null });
  });
});

describe('an intent whose event was quicker than the answer that made it', () => {
  it('is not given up while it is being captured', async () => {
    const order = await createHeldOrder('accepted', await become());
    await PaymentModel.updateOne({ _id: order.paymentId }, { status: 'capturing', captureMinor: TOTAL });
    await makeIntent({ ...(await storedPayment(order)), paymentId: order.paymentId });
    await settlePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: TOTAL });
  });
});

describe('T10', () => {
  it('takes a hold anew with the saved card, and frees the old one', async () => {
    const order = await createOrderIn('pending_payment', await become());
    await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
    setClock({ frozenAt: secondsFromNow(config.orders.holdWatchSeconds + 1) });
    await renewHold(order._id);
    await discardPast(order);
    expect(await storedPayment(order)).toMatchObject({ status: 'authorized', attempt: 2, renewalCardId: null });
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: 0, kept: 0, held: TOTAL });
    await renewHold(order._id);
    await discardPast(order);
    expect((await sumsOf(order)).held).toBe(TOTAL);
  });

  it('cancels an order without a saved card, or whose bank says no', async () => {
    const order = await createHeldOrder('placed', await become());
    await renewHold(order._id);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled', liableParty: 'platform' });
    await settlePayment(order._id);
    expect((await sumsOf(order)).held).toBe(0);
  });

  it('cancels an order whose provider stays silent to the last try: nobody cooks what nobody pays', async () => {
    const order = await createOrderIn('pending_payment', await become());
    await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
    await setFaults(localCloud.stripeUrl, {
      requests: [{ kind: 'fail_before', path: '/payment_intents', times: 100 }],
    });
    await expect(renewHold(order._id)).rejects.toThrow();
    expect((await getStoredOrder(order._id)).status).toBe('placed');
    await expect(renewHold(order._id, { isLastTry: true })).rejects.toThrow();
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled', liableParty: 'platform' });
    await clearFaults(localCloud.stripeUrl);
    await settlePayment(order._id);
    await discardPast(order);
    expect(await sumsOf(order)).toMatchObject({ kept: 0, held: 0 });
  });

  it.each(['/payment_intents', '/confirm'])(
    'holds nothing for long when the answer of %s is lost to the last',
    async (path) => {
      const order = await createOrderIn('pending_payment', await become());
      await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
      await setFaults(localCloud.stripeUrl, {
        requests: [{ kind: 'lose_answer', method: 'POST', path, times: 100 }],
      });
      await expect(renewHold(order._id, { isLastTry: true })).rejects.toThrow();
      await clearFaults(localCloud.stripeUrl);
      expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled' });
      await settlePayment(order._id);
      await discardPast(order);
      setClock({ offsetMs: 61_000 });
      await reconcilePayments();
      expect(await sumsOf(order)).toMatchObject({ intents: 2, kept: 0, held: 0 });
      const { perIntent } = await book(localCloud.stripeUrl);
      const ours = perIntent.filter(({ metadata }) => metadata['orderId'] === order._id);
      expect(ours.map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    },
  );

  it('is silent about what was captured or has ended', async () => {
    const order = await createHeldOrder('accepted', await become());
    await settlePayment(order._id);
    await renewHold(order._id);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', paymentStatus: 'captured' });
  });
});

describe('/me/cards', () => {
  it('shows what the provider has saved, once, and forgets it', async () => {
    await become();
    const cardId = await addCardOf('pm_card_visa');
    const res = await app.request.get('/api/v1/me/cards').set(customer.headers).expect(200);
    expectContract(listCardsRoute, res);
    expect(res.body).toMatchObject({ data: [{ id: cardId, brand: 'visa', last4: '4242' }] });
    expect(res.text).not.toMatch(/pm_|cus_/);
    const card = await CardModel.findById(cardId).lean();
    await app.request.delete(`/api/v1/me/cards/${cardId}`).set(customer.headers).expect(204);
    await app.request.delete(`/api/v1/me/cards/${cardId}`).set(customer.headers).expect(404);
    await forgetAtProvider(card?.providerCustomerId ?? '', card?.paymentMethodId ?? '');
    await forgetAtProvider(card?.providerCustomerId ?? '', card?.paymentMethodId ?? '');
    expect(await CardModel.countDocuments()).toBe(0);
  });

  it("saves nothing that the provider did not, and nobody else's", async () => {
    await become();
    const res = await app.request.post('/api/v1/me/cards').set(customer.headers).expect(202);
    const { clientSecret } = res.body as { clientSecret: string };
    await expect(saveCard(clientSecret.split('_secret_')[0] ?? '')).rejects.toThrow();
    expect(await CardModel.countDocuments()).toBe(0);
    const { _id } = await createCard();
    await app.request.delete(`/api/v1/me/cards/${_id}`).set(customer.headers).expect(404);
  });
});
