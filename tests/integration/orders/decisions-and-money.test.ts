import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import { respondToAmendment } from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { cancelOrder, previewCancellation } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { refundOrder } from '../../../src/modules/payments/refunds/refunds.service.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { markOrderPreparing } from '../../../src/modules/orders/orders.service.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createHeldOrder, entryOf, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** What the worker does after each event, however often. */
async function converge({ _id: orderId }: OrderRecord): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await settlePayment(orderId);
    for (const { _id } of await RefundModel.find({ orderId }).lean()) await makeRefund(_id);
  }
}

async function capturedOrder(): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted');
  await converge(order);
  return getStoredOrder(order._id);
}

describe('money after a decision', () => {
  it('of a customer who cancels late: the fee that was told stays, the rest goes back, once', async () => {
    const order = await capturedOrder();
    setClock({ frozenAt: secondsFromNow(120) });
    const actor = customerActor(order);
    const { cancellation } = await previewCancellation({ orderId: order._id }, actor);
    expect(cancellation).toMatchObject({ policy: 'food_cost', feeMinor: 6_300, refundMinor: TOTAL - 6_300 });
    await cancelOrder({ orderId: order._id, idempotency: idempotent(actor, 'cancelOrder') }, actor);
    await converge(order);
    expect(await entryOf(order)).toMatchObject({ refunded: cancellation.refundMinor, refundCount: 1 });
    expect(await storedPayment(order)).toMatchObject({ status: 'partially_refunded', pendingRefundMinor: 0 });
    await expectSoundOrder(order._id);
  });

  it('of a restaurant that cancels: everything goes back at its expense', async () => {
    const order = await capturedOrder();
    const actor = ownerActor(order);
    const idempotency = idempotent(actor, 'cancelOrder');
    await cancelOrder({ orderId: order._id, reason: 'other', idempotency }, actor);
    await converge(order);
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 1 });
    expect(await RefundModel.findOne({ orderId: order._id }).lean()).toMatchObject({ liableParty: 'restaurant' });
  });

  it('of an amended order that loses everything: as if it had never been', async () => {
    const order = await capturedOrder();
    const changes = [{ kind: 'remove' as const, lineId: order.items[0]?.lineId ?? '', isSoldOut: false }];
    const { amendments } = await proposeAmendment({ orderId: order._id, changes }, ownerActor(order));
    const amendmentId = amendments[0]?._id ?? '';
    await respondToAmendment({ orderId: order._id, amendmentId, answer: 'accepted' }, customerActor(order));
    await converge(order);
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 1 });
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'cancelled', amountDueMinor: 0 });
  });
});

const OFFICE: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };
const CANCELLERS = {
  customer: (order: OrderRecord) => ({ actor: customerActor(order), body: {} }),
  restaurant: (order: OrderRecord) => ({ actor: ownerActor(order), body: { reason: 'other' } }),
  office: () => ({ actor: OFFICE, body: { reason: 'other', liableParty: 'platform' as const, feeMinor: 2_000 } }),
};

/** Status, what support has refunded, who cancels: what stays due, and what goes back. */
const TOLD: ['placed' | 'accepted' | 'preparing', number, keyof typeof CANCELLERS, number, number][] = [
  ['placed', 0, 'customer', 0, TOTAL],
  ['accepted', 0, 'customer', 6_300, TOTAL - 6_300],
  // Less than the fee, which is taken out of what is left; and more.
  ['accepted', 1_000, 'customer', 6_300, TOTAL - 6_300],
  ['accepted', 8_000, 'customer', 6_300, TOTAL - 8_000],
  ['accepted', TOTAL, 'customer', 0, 0],
  ['preparing', 0, 'restaurant', 0, TOTAL],
  ['preparing', 4_000, 'restaurant', 0, TOTAL - 4_000],
  ['preparing', TOTAL, 'restaurant', 0, 0],
  ['preparing', 1_000, 'office', 2_000, TOTAL - 2_000],
  ['preparing', 5_000, 'office', 2_000, TOTAL - 5_000],
];

describe('the dry run of a cancellation', () => {
  it.each(TOLD)(
    'of one that is %s with %i refunded, by the %s: fee and refund are what then happens',
    async (...row) => {
      const [status, refundedMinor, by, feeMinor, refundMinor] = row;
      const order = await createHeldOrder(status === 'placed' ? 'placed' : 'accepted');
      await converge(order);
      if (status === 'preparing') await markOrderPreparing(order._id, ownerActor(order));
      if (refundedMinor > 0) await refundByHand(order, refundedMinor);
      setClock({ frozenAt: secondsFromNow(120) });
      const { actor, body } = CANCELLERS[by](order);
      const input = { orderId: order._id, ...body };
      const { cancellation } = await previewCancellation(input, actor);
      expect(cancellation).toMatchObject({ isAllowed: true, feeMinor, refundMinor });
      await cancelOrder({ ...input, idempotency: idempotent(actor, 'cancelOrder') }, actor);
      const cancelled = await OrderEventModel.findOne({ orderId: order._id, type: 'order.cancelled' }).lean();
      expect(cancelled?.data).toMatchObject({ feeMinor, refundMinor });
      await converge(order);
      expect(await settledOf(order)).toBe(refundMinor);
      await expectSoundOrder(order._id);
    },
  );
});

async function refundByHand(order: OrderRecord, amountMinor: number): Promise<void> {
  const given = { amountMinor, reason: 'quality' as const, liableParty: 'platform' as const };
  await refundOrder({ orderId: order._id, ...given, idempotency: idempotent(OFFICE, 'refundOrder') }, OFFICE);
  await converge(order);
}

/** What was freed, or refunded because the order had ended. */
async function settledOf(order: OrderRecord): Promise<number> {
  if ((await storedPayment(order)).status === 'voided') return TOTAL;
  const made = await RefundModel.find({ orderId: order._id, cause: 'settlement' }).lean();
  return made.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
