import { withTransaction } from '../../src/infra/mongo/index.ts';
import type { NewOrder, OrderRecord } from '../../src/modules/orders/index.ts';
import { CardModel, type CardRecord } from '../../src/modules/payments/cards/card.model.ts';
import { requestRefund } from '../../src/modules/payments/index.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import type { RefundRecord } from '../../src/modules/payments/refunds/refund.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { createOrderIn } from './order.ts';

/** A delivered order whose whole amount we say was captured; the provider knows nothing of it. */
export async function createCapturedOrder(changes: Partial<NewOrder> = {}): Promise<OrderRecord> {
  const order = await createOrderIn('delivered', changes);
  const amountCapturedMinor = order.pricing.totalMinor;
  await PaymentModel.updateOne(
    { _id: order.paymentId },
    { status: 'captured', amountCapturedMinor, captureMinor: amountCapturedMinor, intentId: `pi_${order._id}` },
  );
  return order;
}

/** Promised, not made. */
export async function createRefund(
  order: OrderRecord,
  changes: Partial<Pick<RefundRecord, 'amountMinor' | 'liableParty' | 'sourceId'>> = {},
): Promise<RefundRecord> {
  return withTransaction((tx) =>
    requestRefund(tx, {
      ...{ order, paymentId: order.paymentId, amountMinor: 1_000, cause: 'support', reason: 'late' },
      ...{ liableParty: 'restaurant', sourceId: newId(), requestedBy: newId() },
      ...changes,
    }),
  );
}

/** As it stands once the provider has told of it. */
export async function createCard(changes: Partial<CardRecord> = {}): Promise<CardRecord> {
  const card: CardRecord = {
    ...{ _id: newId(), userId: newId(), providerCustomerId: `cus_${newId()}`, paymentMethodId: `pm_${newId()}` },
    ...{ brand: 'visa', last4: '4242', expMonth: 12, expYear: 2035, createdAt: now() },
    ...changes,
  };
  await CardModel.collection.insertOne(card as never);
  return card;
}
