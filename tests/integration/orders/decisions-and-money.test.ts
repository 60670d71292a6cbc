import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import { respondToAmendment } from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { cancelOrder, previewCancellation } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { secondsFromNow, setClock } from '../../../src/shared/clock.ts';
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
