import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, expirePayment, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { cancelBySystem, type OrderRecord } from '../../../src/modules/orders/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { ensureIntent } from '../../../src/modules/payments/index.ts';
import { expireOrderUnlessPaid } from '../../../src/modules/payments/payments.service.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { applyRefund, makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createHeldOrder, entryOf, PROVIDER_AWAY, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

describe('settlePayment of an order that support had refunded in part', () => {
  const accountsOf = async ({ _id: orderId }: OrderRecord) => {
    const entries = await ledgerEntries().find({ orderId }, { comment: 'asked by a test' }).toArray();
    const balance = (account: string) =>
      entries
        .flatMap(({ lines }) => lines.filter((line) => line.account === account))
        .reduce((sum, line) => sum + line.amountMinor, 0);
    return { customer: balance('customer'), restaurant: balance('restaurant'), provider: balance('provider_clearing') };
  };
  const endFree = async ({ _id: orderId }: OrderRecord) => {
    await withTransaction((tx) => cancelBySystem(tx, { orderId, reason: 'other', liableParty: 'platform' }));
    await settlePayment(orderId);
  };
  const makeSettlement = async ({ paymentId }: OrderRecord) => {
    const refund = await RefundModel.findOne({ paymentId, cause: 'settlement', status: 'approved' }).lean();
    await makeRefund(refund?._id ?? '');
  };

  it('and that ends for nothing: the rest goes back, and who was charged for the part is not any more', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await makeRefund((await createRefund(order, { amountMinor: 1_000 }))._id);
    expect((await accountsOf(order)).restaurant).toBe(1_000);
    await endFree(order);
    expect((await accountsOf(order)).restaurant).toBe(1_000);
    await makeSettlement(order);
    for (let times = 0; times < 2; times += 1) await settlePayment(order._id);
    expect(await accountsOf(order)).toEqual({ customer: 0, restaurant: 0, provider: 0 });
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: TOTAL });
  });

  it('whose refund fails only after its end: the end gives that back, too', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    const { _id } = await createRefund(order, { amountMinor: 1_000 });
    await endFree(order);
    await makeSettlement(order);
    const told = { refundId: _id, providerRefundId: newId(), attempt: 1, amountMinor: 1_000, currency: 'INR' };
    const failure = { ...told, intentId: null, status: 'failed' as const, failureCode: 'card_closed' };
    await withTransaction((tx) => applyRefund(tx, failure));
    expect(await RefundModel.findById(_id).lean()).toMatchObject({ status: 'failed', isReserved: false });
    await settlePayment(order._id);
    await makeSettlement(order);
    expect(await accountsOf(order)).toEqual({ customer: 0, restaurant: 0, provider: 0 });
  });
});

describe('settlePayment of an accepted order', () => {
  it('takes the money once, called twice, and eight times at once', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await settlePayment(order._id);
    await Promise.all(Array.from({ length: 8 }, () => settlePayment(order._id)));
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: TOTAL });
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('captured');
    await expectSoundOrder(order._id);
  });

  it('at once eight times from the beginning takes it once', async () => {
    const order = await createHeldOrder('accepted');
    await Promise.allSettled(Array.from({ length: 8 }, () => settlePayment(order._id)));
    await settlePayment(order._id);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('finds the capture whose answer was lost', async () => {
    const order = await createHeldOrder('accepted');
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', times: 3 }] });
    await settlePayment(order._id).catch(() => undefined);
    await clearFaults(localCloud.stripeUrl);
    await settlePayment(order._id);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('fails while the provider is away, so that the job comes again', async () => {
    const order = await createHeldOrder('accepted');
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    await expect(settlePayment(order._id)).rejects.toThrow();
    await clearFaults(localCloud.stripeUrl);
    await settlePayment(order._id);
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('flags an order whose hold is gone', async () => {
    const order = await createHeldOrder('accepted');
    await expirePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '');
    await settlePayment(order._id);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', paymentStatus: 'payment_problem' });
    const log = await expectSoundOrder(order._id);
    expect(log.at(-1)?.type).toBe('payment.problem');
  });
});

describe('settlePayment of an order that is worth less', () => {
  it('closes a payment that nobody began, and opens no intent for it', async () => {
    const order = await createOrderIn('cancelled');
    await settlePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'expired', intentId: null });
    expect(await entryOf(order)).toBeNull();
  });

  it('cancels an intent that waits for a card: it takes none any more', async () => {
    const order = await createOrderIn('pending_payment');
    await ensureIntent(order.paymentId);
    await expireOrderUnlessPaid(order._id);
    await settlePayment(order._id);
    expect((await storedPayment(order)).status).toBe('voided');
    expect(await entryOf(order)).toMatchObject({ status: 'canceled', authorized: 0 });
  });

  it('frees a hold, called twice and at once', async () => {
    const order = await createHeldOrder('rejected');
    await Promise.allSettled(Array.from({ length: 5 }, () => settlePayment(order._id)));
    await settlePayment(order._id);
    expect((await storedPayment(order)).status).toBe('voided');
    expect(await entryOf(order)).toMatchObject({ released: TOTAL, captured: 0, refundCount: 0 });
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('voided');
    await expectSoundOrder(order._id);
  });

  it('refunds what was captured, once', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await becomeWorth(order, 0);
    await settleAll(order, 5);
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: TOTAL, refundCount: 1 });
    expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: 'refunded', amountRefundedMinor: TOTAL });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'payment.refunded')).toHaveLength(1);
  });

  it('takes only a fee out of the hold, and frees the rest', async () => {
    const order = await createHeldOrder('accepted');
    await becomeWorth(order, 3_000);
    await settleAll(order, 5);
    expect(await entryOf(order)).toMatchObject({ captured: 3_000, released: TOTAL - 3_000, refundCount: 0 });
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: 3_000 });
  });

  it('gives back the difference after an amendment, and again after another', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    for (const due of [9_000, 8_500]) {
      await OrderModel.updateOne({ _id: order._id }, { amountDueMinor: due });
      await settleAll(order, 3);
    }
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: TOTAL - 8_500, refundCount: 2 });
    expect(await storedPayment(order)).toMatchObject({ status: 'partially_refunded', pendingRefundMinor: 0 });
  });

  it('finishes a refund whose process died between the answer and our row', async () => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await becomeWorth(order, 0);
    await settlePayment(order._id);
    await setFaults(localCloud.stripeUrl, {
      requests: [{ kind: 'lose_answer', path: '/refunds', method: 'POST', times: 3 }],
    });
    const [refund] = await RefundModel.find({ orderId: order._id }).lean();
    await makeRefund(refund?._id ?? '').catch(() => undefined);
    await clearFaults(localCloud.stripeUrl);
    await makeRefund(refund?._id ?? '');
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 1 });
  });

  it('never both captures and frees, when both are wanted at once', async () => {
    const order = await createHeldOrder('accepted');
    const captured = settlePayment(order._id);
    await Promise.allSettled([captured, becomeWorth(order, 0).then(() => settlePayment(order._id))]);
    await settleAll(order, 1);
    const entry = await entryOf(order);
    expect((entry?.captured ?? 0) - (entry?.refunded ?? 0)).toBe(0);
    expect((entry?.captured ?? 0) + (entry?.released ?? 0)).toBe(TOTAL);
    expect(['voided', 'refunded']).toContain((await storedPayment(order)).status);
  });
});

/** As the use case that ends an order leaves it. */
async function becomeWorth({ _id }: OrderRecord, amountDueMinor: number): Promise<void> {
  const ending = { orderId: _id, reason: 'other', liableParty: 'platform' } as const;
  await withTransaction((tx) => cancelBySystem(tx, ending));
  if (amountDueMinor > 0) await OrderModel.updateOne({ _id }, { amountDueMinor });
}

/** So often at once, and then the refunds that it promised, twice. */
async function settleAll({ _id }: OrderRecord, times: number): Promise<void> {
  await Promise.allSettled(Array.from({ length: times }, () => settlePayment(_id)));
  await settlePayment(_id);
  const refunds = await RefundModel.find({ orderId: _id }).lean();
  await Promise.all([...refunds, ...refunds].map((refund) => makeRefund(refund._id)));
}
