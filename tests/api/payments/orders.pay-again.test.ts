import { localCloud } from '../../setup/with-local-cloud.ts';
import { describe, expect, it } from 'vitest';
import { book, clearFaults, payWithCard, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { config } from '../../../src/config/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { flagProblem } from '../../../src/modules/payments/payment-problem.service.ts';
import { reconcilePayments } from '../../../src/modules/payments/reconcile.service.ts';
import { movePayment } from '../../../src/modules/payments/move-payment.service.ts';
import { renewHold } from '../../../src/modules/payments/renew-hold.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createCard } from '../../factories/refund.ts';
import { createHeldOrder, PROVIDER_AWAY, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import {
  customer,
  become,
  payOver,
  type PaymentBody,
  addCardOf,
  sumsOf,
  discardPast,
  providerCard,
  problematicOrder,
  usePaying,
} from './pay-scene.ts';

usePaying();

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

/** What T10's job carries. */
function firstHold({ _id: orderId }: OrderRecord) {
  return { orderId, attempt: 1 };
}

describe('T10', () => {
  it('takes a hold anew with the saved card, and frees the old one', async () => {
    const order = await createOrderIn('pending_payment', await become());
    await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
    setClock({ frozenAt: secondsFromNow(config.orders.holdWatchSeconds + 1) });
    await renewHold(firstHold(order));
    await discardPast(order);
    expect(await storedPayment(order)).toMatchObject({ status: 'authorized', attempt: 2, renewalCardId: null });
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: 0, kept: 0, held: TOTAL });
    // The same job once more, as after a worker that died before it had said so.
    await renewHold(firstHold(order));
    await discardPast(order);
    expect(await storedPayment(order)).toMatchObject({ status: 'authorized', attempt: 2 });
    expect(await sumsOf(order)).toMatchObject({ intents: 2, held: TOTAL });
  });

  it('leaves the next hold alone for who had read the one before: nothing is taken of either', async () => {
    const order = await createOrderIn('pending_payment', await become());
    await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
    const before = await storedPayment(order);
    await renewHold(firstHold(order));
    expect(await movePayment(before, { to: 'capturing', set: { captureMinor: 1 } })).toBe(false);
    expect(await storedPayment(order)).toMatchObject({ status: 'authorized', attempt: 2, captureMinor: null });
  });

  it('cancels an order without a saved card, or whose bank says no', async () => {
    const order = await createHeldOrder('placed', await become());
    await renewHold(firstHold(order));
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
    await expect(renewHold(firstHold(order))).rejects.toThrow();
    expect((await getStoredOrder(order._id)).status).toBe('placed');
    await expect(renewHold(firstHold(order), { isLastTry: true })).rejects.toThrow();
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
      await expect(renewHold(firstHold(order), { isLastTry: true })).rejects.toThrow();
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
    await renewHold(firstHold(order));
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', paymentStatus: 'captured' });
  });
});
