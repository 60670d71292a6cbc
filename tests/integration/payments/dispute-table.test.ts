import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeDispute, openDispute } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { postSale } from '../../../src/modules/ledger/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import type { ProviderDispute } from '../../../src/modules/payments/gateways/provider-record.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { retryRefund } from '../../../src/modules/payments/refunds/refunds.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { receiveProviderEvent } from '../../../src/modules/payments/webhooks.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createHeldOrder, entryOf, storedPayment, TOTAL } from '../../support/held-orders.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** Of the dishes with their tax: what a customer owes who cancels after a minute. */
const FEE = 6_300;

const ENDS = {
  'the customer cancels, and owes a fee': { by: customerActor, body: {}, dueMinor: FEE },
  'the restaurant cancels': { by: ownerActor, body: { reason: 'other' }, dueMinor: 0 },
  'the office ends it, and all stays due': {
    by: (): Actor => ({ userId: newId(), roles: ['admin'], sessionId: newId() }),
    body: { reason: 'other', liableParty: 'customer', feeMinor: TOTAL },
    dueMinor: TOTAL,
  },
} as const;
type End = keyof typeof ENDS;

/** What support gave back before, and what the bank asks for: all that is left, or a part. */
const AMOUNTS = [
  { refundedMinor: 0, disputeMinor: undefined },
  { refundedMinor: 3_000, disputeMinor: undefined },
  { refundedMinor: 3_000, disputeMinor: 4_000 },
  { refundedMinor: TOTAL, disputeMinor: undefined },
] as const;

const TIMES = ['over before the end', 'open at the end', 'opened after the end'] as const;

type Step = 'open' | 'close' | 'end';
const STEPS: Record<(typeof TIMES)[number], readonly Step[]> = {
  'over before the end': ['open', 'close', 'end'],
  'open at the end': ['open', 'end', 'close'],
  'opened after the end': ['end', 'open', 'close'],
};

/** All that jobs would do by now. */
async function comeToRest({ _id }: OrderRecord): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await settlePayment(_id);
    for (const refund of await RefundModel.find({ orderId: _id, status: 'approved' })) await makeRefund(refund._id);
  }
  await postSale(_id);
}

async function end(order: OrderRecord, how: End): Promise<void> {
  const { by, body } = ENDS[how];
  const actor = by(order);
  // Of what support gave back in full nothing can be kept.
  const isAllBack = (await getStoredOrder(order._id)).paymentStatus === 'refunded';
  const fee = isAllBack && 'feeMinor' in body ? { feeMinor: 0 } : {};
  await cancelOrder({ orderId: order._id, ...body, ...fee, idempotency: idempotent(actor, 'cancelOrder') }, actor);
}

function tell(dispute: ProviderDispute) {
  const news = { kind: 'dispute' as const, dispute };
  return receiveProviderEvent({ id: `evt_${newId()}`, type: 'charge.dispute', isLive: false, news });
}

interface Life {
  how: End;
  steps: readonly Step[];
  outcome: 'won' | 'lost';
  amounts: (typeof AMOUNTS)[number];
}

/** One order from its capture to its rest; null where the bank has nothing left to ask for. */
async function live({ how, steps, outcome, amounts }: Life): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted');
  await comeToRest(order);
  if (amounts.refundedMinor > 0) await createRefund(order, { amountMinor: amounts.refundedMinor });
  await comeToRest(order);
  await OrderModel.updateOne({ _id: order._id }, { acceptedAt: secondsFromNow(-120) });
  const { intentId } = await storedPayment(order);
  let dispute: ProviderDispute | null = null;
  for (const step of steps) {
    if (step === 'end') await end(order, how);
    if (step === 'open') dispute = await disputeOf(intentId ?? '', amounts.disputeMinor);
    if (step === 'close' && dispute !== null) {
      await closeDispute(localCloud.stripeUrl, dispute.disputeId, outcome);
      dispute = { ...dispute, status: outcome };
    }
    if (step !== 'end' && dispute !== null) await tell(dispute);
    await comeToRest(order);
  }
  return order;
}

async function disputeOf(intentId: string, amount: number | undefined): Promise<ProviderDispute | null> {
  const input = amount === undefined ? {} : { amount };
  const made = await openDispute(localCloud.stripeUrl, intentId, input).catch(() => null);
  if (made === null) return null;
  const { id, amount: amountMinor, reason } = made;
  return { disputeId: id, intentId, amountMinor, currency: 'INR', reason, status: 'open' };
}

async function balancesOf({ _id: orderId }: OrderRecord) {
  const entries = await ledgerEntries().find({ orderId }, { comment: 'asked by a test' }).toArray();
  const lines = entries.flatMap((entry) => entry.lines);
  const of = (account: string) =>
    lines.filter((line) => line.account === account).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { customer: of('customer'), clearing: of('provider_clearing') };
}

const TABLE = TIMES.flatMap((time) => (['won', 'lost'] as const).map((outcome) => [time, outcome] as const));

describe('an order and its dispute', () => {
  it.each(TABLE)(
    'that is %s and %s: what must be zero is zero, and nobody gets more than they paid',
    { timeout: 120_000 },
    async (time, outcome) => {
      const rows = Object.keys(ENDS).flatMap((how) => AMOUNTS.map((amounts) => ({ how: how as End, amounts })));
      const found = await Promise.all(
        rows.map(async ({ how, amounts }) => {
          const order = await live({ how, steps: STEPS[time], outcome, amounts });
          const [stored, payment, atProvider] = [
            await getStoredOrder(order._id),
            await storedPayment(order),
            await entryOf(order),
          ];
          const { captured = 0, refunded = 0, disputed = 0 } = atProvider ?? {};
          // The provider gives nothing back of a charge that was charged back, not even the rest: a human must, and an alarm says so.
          const failed = await RefundModel.find({
            orderId: order._id,
            status: 'failed',
            failureCode: 'charge_disputed',
          });
          const refused = failed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          const byHand = Math.min(refused, captured - refunded - disputed);
          return {
            ...{ how, amounts, due: stored.amountDueMinor, byHand, ...(await balancesOf(order)) },
            ...{ keptAtProvider: captured - refunded - disputed, pending: payment.pendingRefundMinor },
            gotMoreThanPaid: refunded + disputed > captured,
            gotLessThanOwed: refunded + disputed + byHand < captured - stored.amountDueMinor,
          };
        }),
      );
      for (const { how, amounts, due, byHand, ...rest } of found) {
        const label = JSON.stringify({ how, amounts });
        const isAllBack = amounts.refundedMinor === TOTAL;
        // Nobody owes a fee of what they have back already.
        if (!isAllBack) expect(due, label).toBe(ENDS[how].dueMinor);
        expect(rest, label).toMatchObject({
          ...{ customer: byHand === 0 ? 0 : -byHand, clearing: rest.keptAtProvider, pending: 0 },
          ...{ gotMoreThanPaid: false, gotLessThanOwed: false },
        });
      }
    },
  );
});

describe('a refund that the bank overtakes', () => {
  it.each([
    ['before we hear of the dispute', ['refund', 'open', 'close']],
    ['while it is open', ['open', 'refund', 'close']],
    ['when it is lost', ['open', 'close', 'refund']],
  ] as const)('%s: the customer has the money once, and the books say so', async (_, steps) => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    const { _id: supportRefund } = await createRefund(order, { amountMinor: 1_000 });
    const { intentId } = await storedPayment(order);
    let dispute = await disputeOf(intentId ?? '', undefined);
    if (dispute === null) throw new Error('nothing to dispute');
    await end(order, 'the restaurant cancels');
    for (const step of steps) {
      if (step === 'refund') await makeRefund(supportRefund);
      if (step === 'close') {
        await closeDispute(localCloud.stripeUrl, dispute.disputeId, 'lost');
        dispute = { ...dispute, status: 'lost' };
      }
      if (step !== 'refund') await tell(dispute);
      if (step !== 'open') await comeToRest(order);
    }
    await comeToRest(order);
    expect(await storedPayment(order)).toMatchObject({ disputedMinor: TOTAL, pendingRefundMinor: 0 });
    expect(await balancesOf(order)).toEqual({ customer: 0, clearing: 0 });
    expect(await entryOf(order)).toMatchObject({ captured: TOTAL, refunded: 0, disputed: TOTAL });
  });
});

describe('what the end of an order gives back, and the provider refuses since the bank asks for it', () => {
  it.each([
    ['is asked for again when the dispute is won', { outcome: 'won', isLate: false, leftMinor: TOTAL }],
    [
      'is asked for again as far as a lost dispute leaves it',
      { outcome: 'lost', isLate: false, leftMinor: TOTAL - 4_000 },
    ],
    ['is so, too, where it is refused only after that', { outcome: 'lost', isLate: true, leftMinor: TOTAL - 4_000 }],
  ] as const)('%s', async (_, { outcome, isLate, leftMinor }) => {
    const order = await createHeldOrder('accepted');
    await settlePayment(order._id);
    await end(order, 'the restaurant cancels');
    await settlePayment(order._id);
    const first = await RefundModel.findOne({ orderId: order._id }).lean();
    const { intentId } = await storedPayment(order);
    const dispute = await disputeOf(intentId ?? '', 4_000);
    if (first === null || dispute === null) throw new Error('nothing to dispute');
    if (!isLate) await makeRefund(first._id);
    await tell(dispute);
    await closeDispute(localCloud.stripeUrl, dispute.disputeId, outcome);
    await tell({ ...dispute, status: outcome });
    await comeToRest(order);
    const [, ...others] = await RefundModel.find({ orderId: order._id }).sort({ _id: 1 }).lean();
    const made = outcome === 'won' ? { status: 'succeeded' } : { status: 'failed', failureCode: 'charge_disputed' };
    expect(others).toMatchObject([{ ...made, amountMinor: leftMinor, cause: 'settlement' }]);
    // The provider refuses it for good after a lost one: a human gives it, and no more than it.
    const byHandMinor = outcome === 'won' ? 0 : leftMinor;
    expect(await storedPayment(order)).toMatchObject({ settledRefundMinor: leftMinor, pendingRefundMinor: 0 });
    expect(await balancesOf(order)).toEqual({ customer: 0 - byHandMinor, clearing: byHandMinor });
    const office: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };
    const again = retryRefund({ refundId: first._id, idempotency: idempotent(office, 'retryRefund') }, office);
    await expect(again).rejects.toMatchObject({ code: 'invalid_transition' });
  });
});
