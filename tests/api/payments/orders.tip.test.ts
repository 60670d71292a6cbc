import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { trusted } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { authenticatePayment } from '../../../scripts/local-cloud/control-client.ts';
import { config } from '../../../src/config/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { payables } from '../../../src/modules/ledger/payable.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { askProvider } from '../../../src/modules/payments/intents.service.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { listTipsRoute, tipOrderRoute } from '../../../src/modules/payments/tips/tips.schema.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createCard } from '../../factories/refund.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { booksOf, payInBrowser, storedTip, takenFor } from '../../support/tips.ts';
import {
  FIFTY,
  MINUTE_MS,
  MOST_MINOR,
  bodyOf,
  deliveredOrder,
  newCustomer,
  playTips,
  savedCard,
  tip,
} from './tip-scene.ts';

const stage = playTips();

async function ask(tipId: string): Promise<void> {
  await askProvider(await storedTip(tipId));
}

describe('POST /orders/:orderId/tip', () => {
  it('gives the browser what it needs, and counts once the provider says that it was paid', async () => {
    const order = await deliveredOrder();
    const res = await tip(order).expect(201);
    expectContract(tipOrderRoute, res);
    expect(res.headers['location']).toBe(`/api/v1/orders/${order._id}/tips`);
    expect(bodyOf(res)).toMatchObject({ status: 'requires_payment', amount: { amount: 5_000, currency: 'INR' } });
    expect((await getStoredOrder(order._id)).tippedMinor).toBe(0);
    expect(await payInBrowser(bodyOf(res))).toMatchObject({ ok: true, intent: { status: 'succeeded' } });
    await Promise.all(Array.from({ length: 5 }, () => ask(bodyOf(res).id)));
    const { pricing, paymentStatus, amountDueMinor } = order;
    expect(await getStoredOrder(order._id)).toMatchObject({
      tippedMinor: 5_000,
      pricing,
      paymentStatus,
      amountDueMinor,
    });
    expect(await storedTip(bodyOf(res).id)).toMatchObject({ status: 'captured', amountCapturedMinor: 5_000 });
    expect(await booksOf(order)).toEqual({ provider_clearing: 5_000, customer: 0, courier: -5_000 });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'order.tipped')).toHaveLength(1);
  });

  it('is the courier’s a day after it was given, however late that is', async () => {
    const order = await deliveredOrder();
    await OrderModel.updateOne({ _id: order._id }, { endedAt: addMs(now(), -5 * 24 * 60 * MINUTE_MS) });
    const cardId = await savedCard();
    await tip(order, { ...FIFTY, cardId }).expect(201);
    const owed = () =>
      payables().findOne({ ownerId: order.courierId ?? '', kind: 'tip' }, { comment: 'asked by a test' });
    expect(await owed()).toMatchObject({ status: 'held', amountMinor: 5_000, party: 'courier' });
    await fireDueTimers(addMs(now(), config.money.payoutDelaySeconds * 1000 - MINUTE_MS));
    expect(await owed()).toMatchObject({ status: 'held' });
    await fireDueTimers(addMs(now(), config.money.payoutDelaySeconds * 1000 + MINUTE_MS));
    expect(await owed()).toMatchObject({ status: 'payable' });
  });

  it('takes a saved card at once, and once for a repeated key', async () => {
    const order = await deliveredOrder();
    const cardId = await savedCard();
    const key = randomUUID();
    const first = await tip(order, { ...FIFTY, cardId }, { key }).expect(201);
    expect(bodyOf(first)).toMatchObject({ status: 'captured', clientSecret: null, expiresAt: null });
    const again = await tip(order, { ...FIFTY, cardId }, { key }).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(errorOf(await tip(order, FIFTY, { key }).expect(422)).code).toBe('idempotency_key_reused');
    expect(await takenFor(order)).toEqual({ intents: 1, captured: 5_000 });
  });

  it('says that a card was declined, and another one pays the same tip', async () => {
    const order = await deliveredOrder();
    const res = await tip(order).expect(201);
    expect(await payInBrowser(bodyOf(res), 'pm_card_visa_chargeDeclined')).toMatchObject({ ok: false });
    expect(await payInBrowser(bodyOf(res))).toMatchObject({ ok: true });
    await ask(bodyOf(res).id);
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000 });
  });

  it('whose bank asks waits for the answer', async () => {
    const order = await deliveredOrder();
    const cardId = await savedCard('pm_card_authenticationRequired');
    const res = await tip(order, { ...FIFTY, cardId }).expect(201);
    expect(bodyOf(res)).toMatchObject({ status: 'requires_action', clientSecret: expect.any(String) as string });
    const { intentId } = await storedTip(bodyOf(res).id);
    await authenticatePayment(localCloud.stripeUrl, intentId ?? '', 'approve');
    await ask(bodyOf(res).id);
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000 });
    expect(await takenFor(order)).toEqual({ intents: 1, captured: 5_000 });
  });

  it('is paid by card also where the order was paid in cash', async () => {
    const order = await deliveredOrder({ paymentMethod: 'cash' });
    await tip(order, { ...FIFTY, cardId: await savedCard() }).expect(201);
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000, paymentStatus: 'cod_due' });
  });

  it('is shown to customer, courier and office, and not to the restaurant', async () => {
    const courier = await logInAs({ roles: ['customer', 'courier'] });
    const order = await deliveredOrder({ courierId: courier.userId });
    await tip(order, { ...FIFTY, cardId: await savedCard() }).expect(201);
    const office = await logInAs({ roles: ['support'] });
    const owner = await logInAs({ roles: ['customer', 'restaurant'] });
    await RestaurantModel.updateOne({ _id: order.restaurantId }, { ownerId: owner.userId });
    const seen = async (login: Login, path = '') =>
      (await stage.app().request.get(`/api/v1/orders/${order._id}${path}`).set(login.headers).expect(200)).body as {
        tipped: object | null;
        data: { type: string; data: object }[];
      };
    const given = { amount: 5_000, currency: 'INR' };
    const tipEvent = async (login: Login) =>
      (await seen(login, '/events')).data.find(({ type }) => type === 'order.tipped')?.data;
    for (const login of [stage.customer(), courier, office]) {
      expect((await seen(login)).tipped).toEqual(given);
      expect(await tipEvent(login)).toEqual({ amountMinor: 5_000, tippedMinor: 5_000, currency: 'INR' });
    }
    expect((await seen(owner)).tipped).toBeNull();
    expect(await tipEvent(owner)).toEqual({});
    for (const login of [owner, courier]) {
      await stage.app().request.get(`/api/v1/orders/${order._id}/tips`).set(login.headers).expect(404);
      expect((await tip(order, FIFTY, { login })).status).toBe(404);
    }
    const list = await stage.app().request.get(`/api/v1/orders/${order._id}/tips`).set(office.headers).expect(200);
    expectContract(listTipsRoute, list);
    expect((list.body as { data: object[] }).data).toEqual([
      expect.objectContaining({ status: 'captured', amount: given, clientSecret: null }),
    ]);
  });
});

describe('POST /orders/:orderId/tip refuses', () => {
  it.each(['pending_payment', 'placed', 'picked_up', 'cancelled', 'expired', 'failed'] as const)(
    'an order that is %s',
    async (status) => {
      await resetRateLimits();
      const { userId: customerId } = await newCustomer();
      const order = await createOrderIn(status, { customerId });
      const { code, details } = errorOf(await tip(order).expect(409)) as { code: string; details: object };
      expect([code, details]).toEqual(['invalid_transition', { status }]);
    },
  );

  it.each([0, -5_000, 10.5, 1_000_001, 1e21, '5000', null])('the amount %s', async (amount) => {
    const order = await deliveredOrder();
    expect(errorOf(await tip(order, { amount: { amount, currency: 'INR' } }).expect(400)).code).toBe(
      'validation_failed',
    );
    expect(await PaymentModel.countDocuments({ orderId: order._id })).toBe(1);
  });

  it('what belongs to somebody else: the order, the card', async () => {
    const order = await deliveredOrder();
    expect((await tip(order, FIFTY, { login: await logInAs() })).status).toBe(404);
    const { _id: cardId } = await createCard();
    expect((await tip(order, { ...FIFTY, cardId })).status).toBe(404);
    expect(await takenFor(order)).toEqual({ intents: 0, captured: 0 });
  });

  const refusal = async (order: OrderRecord, body: object = FIFTY) =>
    (errorOf(await tip(order, body).expect(422)) as { details?: object }).details;

  it.each(['accepted', 'collected'] as const)(
    'an order that its customer collects, and is %s: nobody brings it',
    async (status) => {
      const { userId: customerId } = await newCustomer();
      const order = await createOrderIn(status, {
        customerId,
        mode: 'collection',
        deliveryAddress: null,
        distanceMeters: 0,
      });
      expect(await refusal(order)).toMatchObject({ reason: 'no_courier' });
      expect(await takenFor(order)).toEqual({ intents: 0, captured: 0 });
    },
  );

  it('another currency, and more than the bound with the tip of the bill', async () => {
    const order = await deliveredOrder();
    const left = { amount: MOST_MINOR, currency: 'INR' };
    expect(await refusal(order, { amount: { amount: 5_000, currency: 'EUR' } })).toEqual({ reason: 'currency', left });
    expect(await refusal(order, { amount: { amount: MOST_MINOR + 1, currency: 'INR' } })).toEqual({
      ...{ reason: 'too_much', left },
    });
    await tip(order, { amount: left }).expect(201);
    expect(await refusal(order, { amount: { amount: 1, currency: 'INR' } })).toEqual({
      ...{ reason: 'too_much', left: { amount: 0, currency: 'INR' } },
    });
  });

  it('whom nobody else has brought it, and what was brought too long ago', async () => {
    const own = await deliveredOrder();
    await OrderModel.updateOne({ _id: own._id }, { courierId: stage.customer().userId });
    expect(await refusal(own)).toMatchObject({ reason: 'own_delivery' });
    const order = await deliveredOrder();
    const endedAt = addMs(now(), MINUTE_MS - config.orders.tipWindowSeconds * 1000);
    await OrderModel.updateOne({ _id: order._id }, { endedAt });
    await tip(order).expect(201);
    setClock({ offsetMs: 2 * MINUTE_MS });
    expect(await refusal(order)).toMatchObject({ reason: 'too_late' });
  });
});

describe('twenty tips at once', () => {
  it('under one key are one', async () => {
    const order = await deliveredOrder();
    const cardId = await savedCard();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tip(order, { ...FIFTY, cardId }, { key })));
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(await PaymentModel.countDocuments({ orderId: order._id })).toBe(2);
    expect(await takenFor(order)).toEqual({ intents: 1, captured: 5_000 });
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000 });
  });

  it('under twenty keys never pass the bound', async () => {
    const order = await deliveredOrder();
    const cardId = await savedCard();
    const big = { amount: { amount: 100_000, currency: 'INR' }, cardId };
    const answers = await Promise.all(Array.from({ length: 20 }, () => tip(order, big)));
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBeLessThanOrEqual(9);
    expect(made).toBeGreaterThan(0);
    const tips = await PaymentModel.find({ orderId: order._id, tipNumber: trusted({ $gt: 0 }) }).lean();
    for (const { _id } of tips) await ask(_id);
    const { captured } = await takenFor(order);
    expect(captured).toBeLessThanOrEqual(900_000);
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: captured });
    await expectSoundOrder(order._id);
  });
});
