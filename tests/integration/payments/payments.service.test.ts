import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authenticatePayment, clearFaults, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { createMissingIntents, ensureIntent, PAYMENT_OVERDUE } from '../../../src/modules/payments/index.ts';
import { expireOrderUnlessPaid, getPaymentFor } from '../../../src/modules/payments/payments.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { addMs, now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import {
  createOrderIn,
  createUnpaidExpiredOrder,
  customerActor,
  getStoredOrder,
  ownerActor,
} from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import {
  createHeldOrder,
  entryOf,
  payAtProvider,
  PROVIDER_AWAY,
  storedPayment,
  TOTAL,
} from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

describe('ensureIntent', () => {
  it('creates the intent with our amount, our ids, and manual capture', async () => {
    const order = await createOrderIn('pending_payment');
    const { clientSecret, publishableKey } = await ensureIntent(order.paymentId);
    expect(publishableKey).toBe(config.payments.publishableKey);
    const entry = await entryOf(order);
    expect(entry).toMatchObject({
      ...{ amount: TOTAL, currency: 'inr', captured: 0 },
      metadata: { orderId: order._id, paymentId: order.paymentId },
    });
    expect(await storedPayment(order)).toMatchObject({ intentId: entry?.id, clientSecret });
  });

  it('makes one intent, called twenty times at once and once more later', async () => {
    const order = await createOrderIn('pending_payment');
    const intents = await Promise.all(Array.from({ length: 20 }, () => ensureIntent(order.paymentId)));
    const later = await ensureIntent(order.paymentId);
    expect(new Set([...intents, later].map(({ clientSecret }) => clientSecret)).size).toBe(1);
    expect(later.clientSecret).not.toBeNull();
    expect(await entryOf(order)).not.toBeNull();
  });

  it('answers without a secret while the provider is away, and the sweep makes it later', async () => {
    const order = await createOrderIn('pending_payment');
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    expect((await ensureIntent(order.paymentId)).clientSecret).toBeNull();
    await createMissingIntents();
    expect(await storedPayment(order)).toMatchObject({ intentId: null });
    await clearFaults(localCloud.stripeUrl);
    setClock({ offsetMs: 6_000 });
    await createMissingIntents();
    expect(await storedPayment(order)).toMatchObject({ intentId: (await entryOf(order))?.id });
  });

  it('leaves the request that is just creating it alone', async () => {
    const order = await createOrderIn('pending_payment');
    await createMissingIntents();
    expect(await entryOf(order)).toBeNull();
  });

  it('takes the intent whose answer was lost, instead of a second one', async () => {
    const order = await createOrderIn('pending_payment');
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', times: 1 }] });
    const { clientSecret } = await ensureIntent(order.paymentId);
    const again = await ensureIntent(order.paymentId);
    expect(again.clientSecret ?? clientSecret).toContain((await entryOf(order))?.id);
  });

  it('opens no intent for an order that has ended', async () => {
    const order = await createUnpaidExpiredOrder();
    await settlePayment(order._id);
    expect((await ensureIntent(order.paymentId)).clientSecret).toBeNull();
    expect(await entryOf(order)).toBeNull();
  });
});

/** The timer only promises the asking, so that a silent provider holds up no other timer; the job does it. */
async function fireOverdue(orderId: string): Promise<void> {
  expect(await fireDueTimers(now())).toBe(1);
  expect(await OutboxModel.countDocuments({ event: PAYMENT_OVERDUE, 'payload.orderId': orderId })).toBe(1);
  expect((await getStoredOrder(orderId)).status).toBe('pending_payment');
  await expireOrderUnlessPaid(orderId);
}

describe('T1', () => {
  it('asks the provider first: money whose webhook is late still counts', async () => {
    const order = await createOrderIn('pending_payment');
    await payAtProvider(order);
    setClock({ frozenAt: secondsFromNow(config.orders.payTimeoutSeconds) });
    await fireOverdue(order._id);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
    await expectSoundOrder(order._id);
  });

  it('expires what is not paid, at its second and not before', async () => {
    const order = await createOrderIn('pending_payment');
    await ensureIntent(order.paymentId);
    const dueAt = addMs(order.createdAt, config.orders.payTimeoutSeconds * 1000);
    expect(await fireDueTimers(addMs(dueAt, -1_000))).toBe(0);
    setClock({ frozenAt: addMs(dueAt, 1_000) });
    await fireOverdue(order._id);
    expect((await getStoredOrder(order._id)).status).toBe('expired');
  });

  it('waits while the provider is silent', async () => {
    const order = await createOrderIn('pending_payment');
    await payAtProvider(order);
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    await expect(expireOrderUnlessPaid(order._id)).rejects.toThrow();
    expect((await getStoredOrder(order._id)).status).toBe('pending_payment');
  });

  it('says nothing anew about a card that was refused', async () => {
    const order = await createOrderIn('pending_payment');
    expect(await payAtProvider(order, 'pm_card_visa_chargeDeclined')).toMatchObject({ ok: false });
    await expireOrderUnlessPaid(order._id);
    const types = (await expectSoundOrder(order._id)).map(({ type }) => type);
    expect(types).toEqual(['order.created', 'order.payment_expired']);
  });

  it('is silent about an order that was paid or cancelled', async () => {
    for (const status of ['placed', 'cancelled', 'delivered'] as const) {
      const order = await createOrderIn(status);
      await expireOrderUnlessPaid(order._id);
      expect((await getStoredOrder(order._id)).eventSeq).toBe(order.eventSeq);
    }
  });
});

describe('a card', () => {
  it('that is refused leaves the order to another one', async () => {
    const order = await createOrderIn('pending_payment');
    expect(await payAtProvider(order, 'pm_card_chargeDeclinedInsufficientFunds')).toMatchObject({
      ...{ ok: false, declineCode: 'insufficient_funds' },
    });
    expect(await payAtProvider(order)).toMatchObject({ ok: true });
    await expireOrderUnlessPaid(order._id);
    expect((await getStoredOrder(order._id)).status).toBe('placed');
    expect(await entryOf(order)).toMatchObject({ authorized: TOTAL, captured: 0 });
  });

  it.each([
    ['approve', 'placed', TOTAL],
    ['fail', 'expired', 0],
  ] as const)('whose bank asks the customer: %s leads to %s', async (outcome, status, authorized) => {
    const order = await createOrderIn('pending_payment');
    expect(await payAtProvider(order, 'pm_card_authenticationRequired')).toMatchObject({
      ...{ ok: true, intent: { status: 'requires_action' } },
    });
    await authenticatePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '', outcome);
    await expireOrderUnlessPaid(order._id);
    expect((await getStoredOrder(order._id)).status).toBe(status);
    expect(await entryOf(order)).toMatchObject({ authorized });
  });
});

describe('getPaymentFor', () => {
  it('gives the customer what the browser needs, and creates what is missing', async () => {
    const order = await createOrderIn('pending_payment');
    const { payment, intent } = await getPaymentFor(order._id, customerActor(order));
    expect(payment._id).toBe(order.paymentId);
    expect(intent?.clientSecret).toContain((await entryOf(order))?.id);
  });

  it('is not found for the restaurant and for strangers; the office sees no secret', async () => {
    const order = await createOrderIn('pending_payment');
    const admin = { userId: newId(), roles: ['admin' as const], sessionId: newId() };
    expect(await getPaymentFor(order._id, admin)).toMatchObject({ payment: { orderId: order._id }, intent: null });
    for (const actor of [ownerActor(order), customerActor({ customerId: newId() })]) {
      await expect(getPaymentFor(order._id, actor)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await entryOf(order)).toBeNull();
  });
});

describe('every query of payments', () => {
  it('is found by an index', async () => {
    const crowd = Array.from({ length: 100 }, () => payment('captured'));
    const waiting = Array.from({ length: 3 }, () => payment('requires_payment'));
    await PaymentModel.collection.insertMany([...crowd, ...waiting] as never[]);
    const order = await createHeldOrder('accepted');
    setClock({ offsetMs: 60_000 });
    const plans = await explainQueries(async () => {
      await createMissingIntents();
      await getPaymentFor(order._id, customerActor(order));
      await settlePayment(order._id);
    });
    const ours = plans.filter(({ command }) => command.endsWith(' payments'));
    expect(ours.length).toBeGreaterThan(8);
    for (const plan of ours) {
      expect(plan.stages, plan.command).not.toContain('COLLSCAN');
      expect(plan.docsExamined, plan.command).toBeLessThanOrEqual(waiting.length);
    }
  });
});

function payment(status: 'captured' | 'requires_payment') {
  const at = now();
  return {
    ...{ _id: newId(), orderId: newId(), customerId: newId(), status, amountMinor: 9_900, currency: 'INR' },
    ...{ intentId: status === 'captured' ? newId() : null, clientSecret: null, failureCode: null },
    ...{ amountCapturedMinor: 0, amountRefundedMinor: 0, createdAt: at, updatedAt: at },
  };
}
