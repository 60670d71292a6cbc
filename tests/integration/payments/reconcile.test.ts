import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { expireUnpaidOrder } from '../../../src/modules/orders/index.ts';
import { finalizePayment } from '../../../src/modules/payments/finalize-payment.service.ts';
import { retrieveIntent } from '../../../src/modules/payments/gateways/stripe.ts';
import {
  ensureIntent,
  markCashCollected,
  PAYMENT_UNSETTLED,
  reconcilePayments,
} from '../../../src/modules/payments/index.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import {
  createHeldOrder,
  entryOf,
  payAtProvider,
  PROVIDER_AWAY,
  storedPayment,
  TOTAL,
} from '../../support/held-orders.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const MINUTE_MS = 61_000;

describe('reconcilePayments', () => {
  it('finds the payment of which no webhook ever told, within ten minutes', async () => {
    const order = await createOrderIn('pending_payment');
    await payAtProvider(order);
    await reconcilePayments();
    expect((await getStoredOrder(order._id)).status).toBe('pending_payment');
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed', paymentStatus: 'authorized' });
  });

  it('finds the capture whose answer was lost, and has the job do the rest', async () => {
    const order = await createHeldOrder('accepted');
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', path: '/capture', times: 3 }] });
    await expect(settlePayment(order._id)).rejects.toThrow();
    await clearFaults(localCloud.stripeUrl);
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: TOTAL });
    expect(await OutboxModel.countDocuments({ event: PAYMENT_UNSETTLED, 'payload.orderId': order._id })).toBe(1);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
  });

  it('frees the intent of which the provider never told, once its order is closed', async () => {
    const order = await createOrderIn('pending_payment');
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', path: '/payment_intents', times: 3 }] });
    expect((await ensureIntent(order.paymentId)).clientSecret).toBeNull();
    await clearFaults(localCloud.stripeUrl);
    await withTransaction((tx) => expireUnpaidOrder(tx, order._id));
    await settlePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'expired', intentId: null });
    expect(await entryOf(order)).toMatchObject({ status: 'requires_payment_method' });
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    expect(await entryOf(order)).toMatchObject({ status: 'canceled', authorized: 0 });
    expect((await storedPayment(order)).intentId).not.toBeNull();
    setClock({ offsetMs: 2 * MINUTE_MS });
    await reconcilePayments();
    expect(await entryOf(order)).toMatchObject({ status: 'canceled' });
  });

  it('frees a hold of which the provider tells when the payment is closed', async () => {
    const order = await createOrderIn('pending_payment');
    await payAtProvider(order);
    const { intentId } = await storedPayment(order);
    // As a close leaves it that was quicker than the answer.
    await PaymentModel.updateOne({ _id: order.paymentId }, { status: 'expired', intentId: null, clientSecret: null });
    const record = await retrieveIntent(intentId ?? '');
    expect(await withTransaction((tx) => finalizePayment(tx, record))).toBe('applied');
    const promised = await OutboxModel.findOne({ event: 'payment.intent_given_up' }).lean();
    expect(promised?.payload).toEqual({ paymentId: order.paymentId, intentId });
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    expect(await entryOf(order)).toMatchObject({ status: 'canceled', authorized: TOTAL, released: TOTAL });
  });

  it('makes the refund that no job made', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    const refund = await createRefund(order);
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    expect(await RefundModel.findById(refund._id).lean()).toMatchObject({ status: 'succeeded' });
  });

  it('asks about the same thing every few minutes and no more, while the provider is away', async () => {
    const order = await createOrderIn('pending_payment');
    await payAtProvider(order);
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    setClock({ offsetMs: MINUTE_MS });
    await reconcilePayments();
    await clearFaults(localCloud.stripeUrl);
    setClock({ offsetMs: MINUTE_MS + 60_000 });
    await reconcilePayments();
    expect((await getStoredOrder(order._id)).status).toBe('pending_payment');
    setClock({ offsetMs: MINUTE_MS + 241_000 });
    await reconcilePayments();
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });

  it('reads by its indexes, however many payments are at rest', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await createRefund(order);
    const row = await storedPayment(order);
    const crowd = Array.from({ length: 200 }, () => ({ ...row, _id: newId(), orderId: newId(), intentId: newId() }));
    await PaymentModel.collection.insertMany(crowd as never[]);
    setClock({ offsetMs: MINUTE_MS });
    const plans = await explainQueries(reconcilePayments);
    const ours = plans.filter(({ command }) => / (payments|refunds)$/.test(command));
    expect(ours.length).toBeGreaterThan(2);
    for (const plan of ours) {
      expect(plan.stages, plan.command).not.toContain('COLLSCAN');
      expect(plan.docsExamined, plan.command).toBeLessThanOrEqual(2);
    }
  });
});

describe('markCashCollected', () => {
  it('makes cash true once, on the order and in the books', async () => {
    const order = await createOrderIn('pending_payment', { paymentMethod: 'cash' });
    expect((await storedPayment(order)).status).toBe('cod_due');
    const cash = { orderId: order._id, amountMinor: TOTAL, courierId: newId() };
    expect(await withTransaction((tx) => markCashCollected(tx, cash))).toBe(true);
    expect(await withTransaction((tx) => markCashCollected(tx, cash))).toBe(false);
    expect(await storedPayment(order)).toMatchObject({ status: 'cod_collected', amountCapturedMinor: TOTAL });
    const entries = await ledgerEntries().find({ sourceId: order.paymentId }, { comment: 'asked by a test' }).toArray();
    expect(entries.map(({ kind, lines }) => [kind, lines.map(({ amountMinor }) => amountMinor)])).toEqual([
      ['cash_collected', [TOTAL, -TOTAL]],
    ]);
    await expect(createRefund(order)).rejects.toMatchObject({ code: 'refund_exceeds_captured' });
  });

  it('of a card is nothing', async () => {
    const order = await createOrderIn('pending_payment');
    const cash = { orderId: order._id, amountMinor: TOTAL, courierId: newId() };
    expect(await withTransaction((tx) => markCashCollected(tx, cash))).toBe(false);
    expect((await storedPayment(order)).status).toBe('requires_payment');
  });
});
