import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, setFaults, settleRefund } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { postSale } from '../../../src/modules/ledger/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { DisputeModel } from '../../../src/modules/payments/disputes/dispute.model.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { RefundModel, type RefundRecord } from '../../../src/modules/payments/refunds/refund.model.ts';
import { refundOrder, retryRefund } from '../../../src/modules/payments/refunds/refunds.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { receiveProviderEvent } from '../../../src/modules/payments/webhooks.service.ts';
import { reconcileDay } from '../../../src/modules/reconciliation/reconcile-day.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { idempotent, ownerActor } from '../../factories/order.ts';
import { createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createHeldOrder, entryOf, storedPayment, TOTAL } from '../../support/held-orders.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const office: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };
const retry = ({ _id: refundId }: RefundRecord) =>
  retryRefund({ refundId, idempotency: idempotent(office, 'retryRefund') }, office);

async function capturedOrder(): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted');
  await settlePayment(order._id);
  return order;
}

async function stored(refundId: string): Promise<RefundRecord> {
  const refund = await RefundModel.findById(refundId).lean();
  if (refund === null) throw new Error('no such refund');
  return refund;
}

/** The bank did not take it, and the provider says so. */
async function sendBack({ _id: refundId }: RefundRecord): Promise<void> {
  const { providerRefundId, attempt, amountMinor, currency } = await stored(refundId);
  await settleRefund(localCloud.stripeUrl, providerRefundId ?? '', 'fail');
  const told = { providerRefundId: providerRefundId ?? '', refundId, attempt, amountMinor, currency, intentId: null };
  const refund = { ...told, status: 'failed', failureCode: 'expired_or_canceled_card' } as const;
  const event = { id: `evt_${newId()}`, type: 'refund.failed', isLive: false };
  expect(await receiveProviderEvent({ ...event, news: { kind: 'refund', refund } })).toBe('applied');
}

async function balances({ _id: orderId }: OrderRecord): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const { lines } of ledgerEntries().find({ orderId }, { comment: 'asked by a test' })) {
    for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  }
  return sums;
}

async function comeToRest({ _id: orderId }: OrderRecord): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await settlePayment(orderId);
    for (const { _id } of await RefundModel.find({ orderId, status: 'approved' })) await makeRefund(_id);
  }
  await postSale(orderId);
}

function refundLine({ _id: orderId, items }: OrderRecord) {
  const lines = [{ lineId: items[0]?.lineId ?? '', quantity: 1 }];
  const idempotency = idempotent(office, 'refundOrder');
  return refundOrder({ orderId, lines, reason: 'quality', liableParty: 'platform', idempotency }, office);
}

describe('a refund that the bank sends back', () => {
  it.each([true, false])(
    'is two movements and two postings, whether we had heard of the first: %s',
    async (isHeard) => {
      const order = await capturedOrder();
      const refund = await createRefund(order, { amountMinor: 3_000 });
      const later = { requests: [{ kind: 'processing' as const, path: '/v1/refunds', method: 'POST' as const }] };
      if (!isHeard) await setFaults(localCloud.stripeUrl, later);
      await makeRefund(refund._id);
      await sendBack(refund);
      const { differences } = await reconcileDay(now().toISOString().slice(0, 10));
      const own = [order.paymentId, refund._id];
      expect(differences.filter(({ sourceId }) => own.some((id) => sourceId?.startsWith(id)))).toEqual([]);
      expect(await balances(order)).toMatchObject({ customer: -TOTAL, restaurant: 0, provider_clearing: TOTAL });
    },
  );

  it('after the order has ended and its bearer had the charge again: everybody has what is theirs', async () => {
    const order = await capturedOrder();
    const refund = await createRefund(order, { amountMinor: 3_000 });
    await makeRefund(refund._id);
    const owner = ownerActor(order);
    const idempotency = idempotent(owner, 'cancelOrder');
    await cancelOrder({ orderId: order._id, reason: 'other', idempotency }, owner);
    await comeToRest(order);
    const atRest = { customer: 0, restaurant: 0, provider_clearing: 0 };
    expect(await balances(order)).toMatchObject(atRest);
    await sendBack(refund);
    await comeToRest(order);
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: TOTAL });
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await balances(order)).toMatchObject(atRest);
  });

  it('and is made again by hand is charged as it was: not again for what the end gives back', async () => {
    const order = await capturedOrder();
    const refund = await createRefund(order, { amountMinor: TOTAL });
    await makeRefund(refund._id);
    const owner = ownerActor(order);
    await cancelOrder({ orderId: order._id, reason: 'other', idempotency: idempotent(owner, 'cancelOrder') }, owner);
    await comeToRest(order);
    await sendBack(refund);
    await retry(refund);
    await comeToRest(order);
    expect(await balances(order)).toMatchObject({ customer: 0, restaurant: 0, provider_clearing: 0 });
  });
});

describe('a dispute of more than was left', () => {
  const dispute = { currency: 'INR', reason: 'fraudulent', status: 'open' } as const;

  function tell(order: { intentId: string | null }, disputeId: string, amountMinor: number) {
    const event = { id: `evt_${newId()}`, type: 'charge.dispute.created', isLive: false };
    const told = { ...dispute, disputeId, amountMinor, intentId: order.intentId };
    return receiveProviderEvent({ ...event, news: { kind: 'dispute', dispute: told } });
  }

  it('has what a refund before it gives back: nothing of it can be given twice', async () => {
    const order = await capturedOrder();
    const refund = await createRefund(order, { amountMinor: 3_000 });
    await makeRefund(refund._id);
    await tell(await storedPayment(order), `dp_${newId()}`, TOTAL);
    expect(await storedPayment(order)).toMatchObject({ disputedMinor: TOTAL - 3_000 });
    await sendBack(refund);
    expect(await storedPayment(order)).toMatchObject({ amountRefundedMinor: 0, disputedMinor: TOTAL });
  });

  it('shares it with another one', async () => {
    const order = await capturedOrder();
    const refund = await createRefund(order, { amountMinor: TOTAL });
    await makeRefund(refund._id);
    const payment = await storedPayment(order);
    for (const amountMinor of [4_000, TOTAL - 4_000]) await tell(payment, `dp_${newId()}`, amountMinor);
    expect(await storedPayment(order)).toMatchObject({ disputedMinor: 0 });
    await sendBack(refund);
    expect(await storedPayment(order)).toMatchObject({ disputedMinor: TOTAL });
    const held = await DisputeModel.find({ paymentId: payment._id }).lean();
    expect(held.every(({ amountMinor, heldMinor }) => amountMinor === heldMinor)).toBe(true);
  });
});

describe('a refund of a dish', () => {
  it('that failed is not made again once the dish was given back otherwise', async () => {
    const order = await capturedOrder();
    await OrderModel.updateOne({ _id: order._id }, { 'pricing.lines.0.quantity': 1 });
    await refundLine(order);
    const [first] = await RefundModel.find({ orderId: order._id }).lean();
    if (first === undefined) throw new Error('no refund');
    await makeRefund(first._id);
    await sendBack(first);
    await refundLine(order);
    await expect(retry(first)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('of which nobody knows whether it was made counts', async () => {
    const order = await capturedOrder();
    await OrderModel.updateOne({ _id: order._id }, { 'pricing.lines.0.quantity': 1 });
    await refundLine(order);
    await RefundModel.updateOne({ orderId: order._id }, { status: 'failed', failureCode: 'provider_silent' });
    await expect(refundLine(order)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('that cost nothing is refused: the provider gives nothing back', async () => {
    const order = await capturedOrder();
    await OrderModel.updateOne({ _id: order._id }, { 'pricing.lines.0.totalMinor': 0 });
    await expect(refundLine(order)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await RefundModel.exists({ orderId: order._id })).toBeNull();
  });
});
