import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, closeDispute, openDispute, payWithCard } from '../../../scripts/local-cloud/control-client.ts';
import { checkInvariants } from '../../../scripts/check-invariants/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { getStatement } from '../../../src/modules/ledger/index.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { finalizePayment } from '../../../src/modules/payments/finalize-payment.service.ts';
import type { ProviderRecord, ProviderStatus } from '../../../src/modules/payments/gateways/provider-record.ts';
import { askProvider } from '../../../src/modules/payments/intents.service.ts';
import { PaymentModel, type PaymentRecord } from '../../../src/modules/payments/payment.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { reconcilePayments } from '../../../src/modules/payments/reconcile.service.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { refundOrder } from '../../../src/modules/payments/refunds/refunds.service.ts';
import { expireTip } from '../../../src/modules/payments/tips/expire-tip.service.ts';
import { listTips, tipOrder } from '../../../src/modules/payments/tips/tips.service.ts';
import { receiveProviderEvent } from '../../../src/modules/payments/webhooks.service.ts';
import { reconcileDay } from '../../../src/modules/reconciliation/reconcile-day.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { customerActor, getStoredOrder, idempotent } from '../../factories/order.ts';
import { createTippableOrder } from '../../factories/tip.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { booksOf } from '../../support/tips.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const FIFTY = 5_000;
const SUPPORT: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };

async function begin(order: OrderRecord, amountMinor = FIFTY): Promise<PaymentRecord> {
  const actor = customerActor(order);
  const amount = { amount: amountMinor, currency: 'INR' };
  const { tip } = await tipOrder({ orderId: order._id, amount, idempotency: idempotent(actor, 'tipOrder') }, actor);
  return tip;
}

async function stored({ _id }: PaymentRecord): Promise<PaymentRecord> {
  const found = await PaymentModel.findById(_id).lean();
  if (found === null) throw new Error('no such tip');
  return found;
}

/** Paid in the browser, and known to us. */
async function paid(order: OrderRecord, amountMinor = FIFTY): Promise<PaymentRecord> {
  const tip = await begin(order, amountMinor);
  const { publishableKey } = config.payments;
  const browser = { stripeUrl: localCloud.stripeUrl, publishableKey, paymentMethod: 'pm_card_visa' };
  await payWithCard({ ...browser, clientSecret: tip.clientSecret ?? '' });
  await askProvider(tip);
  return stored(tip);
}

function recordOf(tip: PaymentRecord, status: ProviderStatus, changes: Partial<ProviderRecord> = {}): ProviderRecord {
  const { _id: paymentId, orderId, amountMinor, currency } = tip;
  return {
    ...{ intentId: tip.intentId ?? `pi_${paymentId}`, paymentId, orderId, status, amountMinor, currency },
    ...{ amountCapturableMinor: 0, amountCapturedMinor: status === 'captured' ? amountMinor : 0 },
    ...{ isLive: false, clientSecret: null, failureCode: null },
    ...changes,
  };
}

function tell(record: ProviderRecord) {
  const type = `payment_intent.${record.status}`;
  return receiveProviderEvent({ id: `evt_${newId()}`, type, isLive: false, news: { kind: 'intent', record } });
}

/** What the checker has to say of orders with tips; their own payments are the factory's invention. */
async function brokenTips(): Promise<object[]> {
  const { results } = await checkInvariants({ uri: config.mongo.uri });
  const about = [
    ...['tips-fit-their-order', 'order-mirrors-tips', 'tip-is-the-couriers', 'taken-is-posted', 'posting-sums-to-zero'],
    ...['refunds-within-captured', 'refund-rows-sum-to-payment', 'payables-equal-books', 'replay-equals-order'],
  ];
  const judged = results.filter(({ name }) => about.includes(name));
  expect(judged).toHaveLength(about.length);
  return judged.filter(({ violations }) => violations > 0);
}

async function refund(order: OrderRecord, tip: PaymentRecord, amountMinor: number) {
  const idempotency = idempotent(SUPPORT, 'refundOrder');
  const input = { orderId: order._id, tipId: tip._id, amountMinor, reason: 'other' as const };
  const { answer } = await refundOrder({ ...input, liableParty: 'courier', idempotency }, SUPPORT);
  await makeRefund(answer.id);
}

describe('what the provider says of a tip', () => {
  it('counts once, in any order and number of copies', async () => {
    const order = await createTippableOrder();
    const tip = await begin(order);
    const copies = Array.from({ length: 6 }, () => tell(recordOf(tip, 'captured')));
    const results = await Promise.all(copies);
    expect(results.filter((result) => result === 'applied')).toHaveLength(1);
    for (const late of ['requires_action', 'voided'] as const)
      expect(await tell(recordOf(tip, late))).toBe('unchanged');
    const declined = recordOf(tip, 'requires_payment', { failureCode: 'card_declined' });
    expect(await tell(declined)).toBe('unchanged');
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: FIFTY });
    expect(await booksOf(order)).toEqual({ provider_clearing: FIFTY, customer: 0, courier: -FIFTY });
    await expectSoundOrder(order._id);
  });

  it.each([
    ['another amount', { amountMinor: FIFTY - 1 }],
    ['less than was asked for', { amountCapturedMinor: FIFTY - 1 }],
    ['another currency', { currency: 'EUR' }],
    ['another order', { orderId: newId() }],
    ['another intent', { intentId: 'pi_other' }],
    ['a payment of nobody', { paymentId: newId() }],
    ['a hold', { status: 'authorized', amountCapturedMinor: 0, amountCapturableMinor: FIFTY }],
    ['real money', { isLive: true }],
  ] as const)('of %s changes nothing', async (_case, changes) => {
    const tip = await begin(await createTippableOrder());
    const before = await hashDatabase();
    const record = recordOf(tip, 'captured', changes);
    expect(await withTransaction((tx) => finalizePayment(tx, record))).toBe('quarantined');
    expect(await hashDatabase()).toEqual(before);
  });

  it('after it was given up is booked and given back', async () => {
    const order = await createTippableOrder();
    const tip = await begin(order);
    await PaymentModel.updateOne({ _id: tip._id }, { intentId: null });
    await expireTip(tip._id);
    expect(await stored(tip)).toMatchObject({ status: 'expired' });
    const { publishableKey } = config.payments;
    const browser = { stripeUrl: localCloud.stripeUrl, publishableKey, paymentMethod: 'pm_card_visa' };
    await payWithCard({ ...browser, clientSecret: tip.clientSecret ?? '' });
    setClock({ offsetMs: 61_000 });
    await Promise.all([reconcilePayments(), tell(recordOf(tip, 'captured'))]);
    expect(await tell(recordOf(tip, 'captured'))).toBe('unchanged');
    const given = await RefundModel.find({ paymentId: tip._id }).lean();
    expect(given).toMatchObject([{ amountMinor: FIFTY, cause: 'settlement', reason: 'tip_expired' }]);
    await makeRefund(given[0]?._id ?? '');
    expect(await stored(tip)).toMatchObject({ status: 'refunded', amountRefundedMinor: FIFTY });
    expect(await booksOf(order)).toEqual({ provider_clearing: 0, customer: 0 });
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 0 });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type.startsWith('order.tip'))).toEqual([]);
    expect(await brokenTips()).toEqual([]);
  });
});

describe('a tip that was paid', () => {
  it('is found in the provider’s list, and its clearing account closes', async () => {
    const order = await createTippableOrder();
    const tip = await paid(order);
    await refund(order, tip, 2_000);
    const report = await reconcileDay(now().toISOString().slice(0, 10));
    const ours = report.differences.filter(({ orderId, sourceId }) => orderId === order._id || sourceId === tip._id);
    expect(ours).toEqual([]);
    const settled = await ledgerEntries().find({ kind: 'provider_settled' }, { comment: 'asked by a test' }).toArray();
    const ofClearing = settled.flatMap(({ lines }) => lines).filter(({ account }) => account === 'provider_clearing');
    const books = await booksOf(order);
    expect(ofClearing.reduce((sum, { amountMinor }) => sum + amountMinor, books['provider_clearing'] ?? 0)).toBe(0);
    expect(await brokenTips()).toEqual([]);
  });

  it('stands in the courier’s payout on a line of its own', async () => {
    const order = await createTippableOrder();
    await paid(order);
    await paid(order, 700);
    await fireDueTimers(addMs(now(), config.money.payoutDelaySeconds * 1000 + 60_000));
    const [payoutId = ''] = await runPayouts();
    const { payout, rows } = await getStatement(payoutId);
    expect(payout).toMatchObject({ ownerId: order.courierId, amountMinor: FIFTY + 700 });
    expect(rows).toMatchObject([
      { kind: 'tip', amounts: { tip: FIFTY, other: 0 }, order: { number: order.number } },
      { kind: 'tip', amounts: { tip: 700, other: 0 }, order: { number: order.number } },
    ]);
  });

  it('is given back by support in parts, borne by who is liable, and never beyond it', async () => {
    const order = await createTippableOrder();
    const tip = await paid(order);
    const other = await paid(await createTippableOrder());
    await refund(order, tip, 2_000);
    const { amountRefundedMinor, paymentStatus } = order;
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 3_000, amountRefundedMinor, paymentStatus });
    expect(await booksOf(order)).toEqual({ provider_clearing: 3_000, customer: 0, courier: -3_000 });
    await expect(refund(order, tip, 3_001)).rejects.toMatchObject({ code: 'refund_exceeds_captured' });
    await expect(refund(order, other, 1)).rejects.toMatchObject({ code: 'not_found' });
    await expect(refund(order, { ...tip, _id: order.paymentId }, 1)).rejects.toMatchObject({ code: 'not_found' });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type.startsWith('order.tip')).map(({ type }) => type)).toEqual([
      ...['order.tipped', 'order.tip_refunded'],
    ]);
    expect(await brokenTips()).toEqual([]);
  });

  it.each(['won', 'lost'] as const)(
    'and is disputed is the courier’s to lose, and comes back if it is won: %s',
    async (end) => {
      const order = await createTippableOrder();
      const tip = await paid(order);
      const { id: disputeId, amount, reason } = await openDispute(localCloud.stripeUrl, tip.intentId ?? '');
      const told = { disputeId, intentId: tip.intentId, amountMinor: amount, currency: 'INR', reason };
      const dispute = (status: 'open' | 'won' | 'lost') =>
        receiveProviderEvent({
          ...{ id: `evt_${newId()}`, type: 'charge.dispute.created', isLive: false },
          news: { kind: 'dispute', dispute: { ...told, status } },
        });
      await dispute('open');
      expect(await stored(tip)).toMatchObject({ status: 'disputed', disputedMinor: FIFTY });
      expect(await booksOf(order)).toEqual({ provider_clearing: 0, customer: 0, courier: 0 });
      await expect(refund(order, tip, 1)).rejects.toMatchObject({ code: 'refund_exceeds_captured' });
      await closeDispute(localCloud.stripeUrl, disputeId, end);
      await dispute(end);
      const leftMinor = end === 'won' ? FIFTY : 0;
      expect(await booksOf(order)).toMatchObject({ provider_clearing: leftMinor, customer: 0, courier: 0 - leftMinor });
      expect(await getStoredOrder(order._id)).toMatchObject({ paymentStatus: order.paymentStatus });
      await expectSoundOrder(order._id);
      expect(await brokenTips()).toEqual([]);
    },
  );
});

describe('the checker', () => {
  it('sees an order that does not know its tip, or does not fit it, and a courier who did not get it', async () => {
    const order = await createTippableOrder();
    const tip = await paid(order);
    expect(await brokenTips()).toEqual([]);
    await PaymentModel.updateOne({ _id: tip._id }, { amountCapturedMinor: 2 });
    await OrderModel.updateOne({ _id: order._id }, { tippedMinor: 1, status: 'cancelled' });
    const names = (await brokenTips()).map((one) => (one as { name: string }).name);
    expect(names).toEqual(
      expect.arrayContaining(['tips-fit-their-order', 'order-mirrors-tips', 'tip-is-the-couriers']),
    );
  });
});

it('tips are found by their order, through its index', async () => {
  const order = await createTippableOrder();
  await begin(order);
  const plans = await explainQueries(() => listTips(order._id, customerActor(order)));
  const ofPayments = plans.filter(({ command }) => command === 'find payments');
  expect(ofPayments).toMatchObject([{ docsExamined: 1, keysExamined: 1 }]);
  expect(ofPayments[0]?.indexes).toContain('orderId_1_tipNumber_1');
});
