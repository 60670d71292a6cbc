import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISPUTE_INVARIANTS } from '../../../scripts/check-invariants/bills.ts';
import type { Scope, Violation } from '../../../scripts/check-invariants/types.ts';
import { clearFaults, closeDispute, openDispute } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { previewCancellation } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { DisputeModel } from '../../../src/modules/payments/disputes/dispute.model.ts';
import { extendDispute } from '../../../src/modules/payments/disputes/disputes.service.ts';
import type { ProviderDispute, ProviderNews } from '../../../src/modules/payments/gateways/provider-record.ts';
import { retrieveIntent } from '../../../src/modules/payments/gateways/stripe.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { WebhookEventModel } from '../../../src/modules/payments/webhook-event.model.ts';
import { receiveProviderEvent } from '../../../src/modules/payments/webhooks.service.ts';
import { reconcileDay } from '../../../src/modules/reconciliation/reconcile-day.service.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { getStoredOrder, ownerActor } from '../../factories/order.ts';
import { createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { createHeldOrder, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function capturedOrder(): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted');
  await settlePayment(order._id);
  return order;
}

function tell(news: ProviderNews, id = `evt_${newId()}`) {
  return receiveProviderEvent({ id, type: 'charge.dispute.created', isLive: false, news });
}

/** At the bank, and what its event says. */
async function disputed(order: OrderRecord): Promise<ProviderDispute> {
  const { intentId } = await storedPayment(order);
  const { id, amount, reason } = await openDispute(localCloud.stripeUrl, intentId ?? '');
  return { disputeId: id, intentId, amountMinor: amount, currency: 'INR', reason, status: 'open' };
}

/** Of an account, over the whole ledger. */
async function balanceOf(account: string): Promise<number> {
  const entries = await ledgerEntries().find({}, { comment: 'asked by a test' }).toArray();
  const lines = entries.flatMap((entry) => entry.lines).filter((line) => line.account === account);
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** Disputes whose movements are not in the books, by the checker. */
async function unmoved(): Promise<Violation[]> {
  const scope = { db: DisputeModel.db.db, at: now(), graceMs: 0, book: null } as unknown as Scope;
  const invariant = DISPUTE_INVARIANTS.find(({ name }) => name === 'dispute-is-posted-as-it-moved');
  const found: Violation[] = [];
  for await (const violation of invariant?.find(scope) ?? []) found.push(violation);
  return found;
}

describe('a dispute', () => {
  it('is recorded once, on the order, too, and holds its money', async () => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    const results = await Promise.all(Array.from({ length: 10 }, () => tell({ kind: 'dispute', dispute })));
    expect(results.filter((result) => result === 'applied')).toHaveLength(1);
    expect(await storedPayment(order)).toMatchObject({ status: 'disputed', disputedMinor: TOTAL });
    expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: 'disputed' });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'payment.disputed')).toHaveLength(1);
    await expect(createRefund(order)).rejects.toMatchObject({ code: 'refund_exceeds_captured' });
    expect(await balanceOf('platform_costs')).toBe(TOTAL);
  });

  it.each([
    ['won', 'captured', 0],
    ['lost', 'captured', TOTAL],
  ] as const)('that is %s leaves the payment %s', async (outcome, status, disputedMinor) => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    await tell({ kind: 'dispute', dispute });
    await closeDispute(localCloud.stripeUrl, dispute.disputeId, outcome);
    await tell({ kind: 'dispute', dispute: { ...dispute, status: outcome } });
    expect(await storedPayment(order)).toMatchObject({ status, disputedMinor });
    expect(await DisputeModel.findById(dispute.disputeId).lean()).toMatchObject({ status: outcome });
    expect(await balanceOf('platform_costs')).toBe(disputedMinor);
    expect(await balanceOf('customer')).toBe(-TOTAL);
    // Operations are alerted of its beginning alone.
    const told = (await expectSoundOrder(order._id)).filter(({ type }) => type.startsWith('payment.dispute'));
    expect(told.map(({ type }) => type)).toEqual(['payment.disputed', 'payment.dispute_closed']);
  });

  it('whose end comes before its beginning ends all the same, once', async () => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    expect(await tell({ kind: 'dispute', dispute: { ...dispute, status: 'won' } })).toBe('applied');
    const before = await storedPayment(order);
    expect(await tell({ kind: 'dispute', dispute })).toBe('unchanged');
    expect(await storedPayment(order)).toEqual(before);
    expect(before).toMatchObject({ status: 'captured', disputedMinor: 0 });
  });

  it('that meets a refund under way lets only one of the two have the money', async () => {
    const order = await capturedOrder();
    const refund = await createRefund(order, { amountMinor: 4_000 });
    const dispute = await disputed(order);
    await tell({ kind: 'dispute', dispute });
    await makeRefund(refund._id);
    expect(await RefundModel.findById(refund._id).lean()).toMatchObject({
      ...{ status: 'failed', isReserved: false, failureCode: 'charge_disputed' },
    });
    const payment = await storedPayment(order);
    expect(payment).toMatchObject({ amountRefundedMinor: 0, pendingRefundMinor: 0, disputedMinor: TOTAL });
  });

  it.each(['won', 'lost'] as const)(
    'that meets a refund under way and is %s: each movement of the provider is one posting, and clearing comes back to zero',
    async (outcome) => {
      const order = await capturedOrder();
      const refund = await createRefund(order, { amountMinor: 4_000 });
      const dispute = await disputed(order);
      await tell({ kind: 'dispute', dispute });
      await makeRefund(refund._id);
      await closeDispute(localCloud.stripeUrl, dispute.disputeId, outcome);
      await tell({ kind: 'dispute', dispute: { ...dispute, status: outcome } });
      const { differences } = await reconcileDay(now().toISOString().slice(0, 10));
      // Of other tests' orders the books know nothing.
      const own = [order.paymentId, refund._id, dispute.disputeId];
      expect(differences.filter(({ sourceId }) => own.some((id) => sourceId?.startsWith(id)))).toEqual([]);
      expect(await balanceOf('provider_clearing')).toBe(0);
      expect(await unmoved()).toEqual([]);
    },
  );

  it('stays one, whatever the provider says of its intent again', async () => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    await tell({ kind: 'dispute', dispute });
    const record = await retrieveIntent(dispute.intentId ?? '');
    expect(await tell({ kind: 'intent', record })).toBe('unchanged');
    expect(await storedPayment(order)).toMatchObject({ status: 'disputed', disputedMinor: TOTAL });
  });

  it('that is heard of before the capture is told again, and then counts', async () => {
    const order = await createHeldOrder('accepted');
    const { intentId } = await storedPayment(order);
    const told = { disputeId: `dp_${order._id}`, intentId, amountMinor: TOTAL, currency: 'INR', reason: 'fraudulent' };
    const news = { kind: 'dispute', dispute: { ...told, status: 'open' } } as const;
    await expect(tell(news, 'evt_early')).rejects.toThrow('before it is captured');
    await settlePayment(order._id);
    expect(await tell(news, 'evt_early')).toBe('applied');
    expect(await storedPayment(order)).toMatchObject({ status: 'disputed', disputedMinor: TOTAL });
  });

  it('and the others of its payment are found by the payment, past those of everybody else', async () => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    await tell({ kind: 'dispute', dispute });
    const known = await DisputeModel.findById(dispute.disputeId).orFail().lean();
    const others = Array.from({ length: 30 }, () => ({ ...known, _id: newId(), paymentId: newId(), orderId: newId() }));
    await DisputeModel.insertMany(others);
    const plans = await explainQueries(async () => {
      const payment = await storedPayment(order);
      await withTransaction((tx) => extendDispute(tx, payment, { amountMinor: 5, refundId: newId() }));
      await tell({ kind: 'dispute', dispute: { ...dispute, status: 'won' } });
    });
    const ours = plans.filter(({ command }) => command.endsWith(' disputes'));
    const read = ours.filter(({ indexes }) => indexes.includes('paymentId_1'));
    expect(read.map(({ command, docsExamined }) => [command, docsExamined])).toEqual([
      ['find disputes', 1],
      ['find disputes', 1],
    ]);
    expect(ours.flatMap(({ stages }) => stages)).not.toContain('COLLSCAN');
  });

  it('that is only an inquiry moves nothing, until the bank takes the money', async () => {
    const order = await capturedOrder();
    const dispute = await disputed(order);
    expect(await tell({ kind: 'dispute', dispute: { ...dispute, status: 'inquiry' } })).toBe('unchanged');
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', disputedMinor: 0 });
    expect(await balanceOf('platform_costs')).toBe(0);
    expect(await tell({ kind: 'dispute', dispute })).toBe('applied');
  });

  it('shows in the dry run of a cancellation: what the bank took does not go back once more', async () => {
    const order = await capturedOrder();
    const dispute = { ...(await disputed(order)), amountMinor: 4_000 };
    await tell({ kind: 'dispute', dispute: { ...dispute, status: 'lost' } });
    const { cancellation } = await previewCancellation({ orderId: order._id, reason: 'other' }, ownerActor(order));
    expect(cancellation).toMatchObject({ policy: 'full_refund', refundMinor: TOTAL - 4_000 });
    await expectSoundOrder(order._id);
  });

  it.each([
    ['of an unknown intent', { intentId: 'pi_unknown' }],
    ['in another currency', { currency: 'USD' }],
    ['of nothing', { intentId: null }],
  ])('%s changes nothing', async (_, changes) => {
    const order = await capturedOrder();
    const dispute = { ...(await disputed(order)), ...changes };
    const before = await hashDatabase();
    expect(await tell({ kind: 'dispute', dispute }, 'evt_same')).toBe('quarantined');
    await WebhookEventModel.deleteOne({ _id: 'evt_same' });
    expect(await hashDatabase()).toEqual(before);
  });
});
