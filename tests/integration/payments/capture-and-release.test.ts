import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, expirePayment, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import {
  capturePayment,
  ensureIntent,
  expireOrderUnlessPaid,
  releasePayment,
} from '../../../src/modules/payments/payments.service.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createHeldOrder, entryOf, PROVIDER_AWAY, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

describe('capturePayment', () => {
  it('takes the money once, called twice, and eight times at once', async () => {
    const order = await createHeldOrder('accepted');
    await capturePayment(order._id);
    await capturePayment(order._id);
    await Promise.all(Array.from({ length: 8 }, () => capturePayment(order._id)));
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: TOTAL });
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('captured');
    await expectSoundOrder(order._id);
  });

  it('at once eight times from the beginning takes it once', async () => {
    const order = await createHeldOrder('accepted');
    await Promise.allSettled(Array.from({ length: 8 }, () => capturePayment(order._id)));
    await capturePayment(order._id);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('finds the capture whose answer was lost', async () => {
    const order = await createHeldOrder('accepted');
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', times: 3 }] });
    await capturePayment(order._id).catch(() => undefined);
    await clearFaults(localCloud.stripeUrl);
    await capturePayment(order._id);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, captureCount: 1 });
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('fails while the provider is away, so that the job comes again', async () => {
    const order = await createHeldOrder('accepted');
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    await expect(capturePayment(order._id)).rejects.toThrow();
    await clearFaults(localCloud.stripeUrl);
    await capturePayment(order._id);
    expect((await storedPayment(order)).status).toBe('captured');
  });

  it('flags an order whose hold is gone', async () => {
    const order = await createHeldOrder('accepted');
    await expirePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '');
    await capturePayment(order._id);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'accepted', paymentStatus: 'payment_problem' });
    const log = await expectSoundOrder(order._id);
    expect(log.at(-1)?.type).toBe('payment.problem');
  });
});

describe('releasePayment', () => {
  it('closes a payment that nobody began, and opens no intent for it', async () => {
    const order = await createOrderIn('cancelled');
    await releasePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'expired', intentId: null });
    expect(await entryOf(order)).toBeNull();
  });

  it('cancels an intent that waits for a card: it takes none any more', async () => {
    const order = await createOrderIn('pending_payment');
    await ensureIntent(order.paymentId);
    await expireOrderUnlessPaid(order._id);
    await releasePayment(order._id);
    expect((await storedPayment(order)).status).toBe('voided');
    expect(await entryOf(order)).toMatchObject({ status: 'canceled', authorized: 0 });
  });

  it('frees a hold, called twice and at once', async () => {
    const order = await createHeldOrder('rejected');
    await Promise.allSettled(Array.from({ length: 5 }, () => releasePayment(order._id)));
    await releasePayment(order._id);
    expect((await storedPayment(order)).status).toBe('voided');
    expect(await entryOf(order)).toMatchObject({ released: TOTAL, captured: 0, refundCount: 0 });
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('voided');
    await expectSoundOrder(order._id);
  });

  it('refunds what was captured, once', async () => {
    const order = await createHeldOrder('accepted');
    await capturePayment(order._id);
    await Promise.allSettled(Array.from({ length: 5 }, () => releasePayment(order._id)));
    await releasePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: TOTAL, refundCount: 1 });
    expect((await getStoredOrder(order._id)).paymentStatus).toBe('refunded');
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'payment.refunded')).toHaveLength(1);
  });

  it('finishes a refund whose process died between the answer and our row', async () => {
    const order = await createHeldOrder('accepted');
    await capturePayment(order._id);
    await releasePayment(order._id);
    await PaymentModel.updateOne({ _id: order.paymentId }, { status: 'captured', amountRefundedMinor: 0 });
    await releasePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 1 });
  });

  it('never both captures and frees, when both are wanted at once', async () => {
    const order = await createHeldOrder('accepted');
    await Promise.allSettled([capturePayment(order._id), releasePayment(order._id)]);
    await releasePayment(order._id);
    const entry = await entryOf(order);
    expect((entry?.captured ?? 0) - (entry?.refunded ?? 0)).toBe(0);
    expect((entry?.captured ?? 0) + (entry?.released ?? 0)).toBe(TOTAL);
    expect(['voided', 'refunded']).toContain((await storedPayment(order)).status);
  });
});
