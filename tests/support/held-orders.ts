import { localCloud } from '../setup/with-local-cloud.ts';
import { expect } from 'vitest';
import { book, payWithCard } from '../../scripts/local-cloud/control-client.ts';
import type { NewOrder, OrderRecord } from '../../src/modules/orders/index.ts';
import { acceptOrder, rejectOrder } from '../../src/modules/orders/orders.service.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import { ensureIntent } from '../../src/modules/payments/index.ts';
import { expireOrderUnlessPaid } from '../../src/modules/payments/payments.service.ts';
import { createOrderIn, getStoredOrder, idempotent, ownerActor } from '../factories/order.ts';

/** Of every order that the factory makes, in minor units. */
export const TOTAL = 11_200;

/** Until the faults are cleared. */
export const PROVIDER_AWAY = { requests: [{ kind: 'fail_before' as const, times: 1_000 }] };

/** The book's line on the order's intent, of which there is one at most. */
export async function entryOf({ _id }: OrderRecord) {
  const { perIntent } = await book(localCloud.stripeUrl);
  const entries = perIntent.filter(({ metadata }) => metadata['orderId'] === _id);
  expect(entries.length).toBeLessThanOrEqual(1);
  return entries[0] ?? null;
}

export async function storedPayment({ paymentId }: OrderRecord) {
  const payment = await PaymentModel.findById(paymentId).lean();
  if (payment === null) throw new Error('no such payment');
  return payment;
}

export async function payAtProvider({ paymentId }: OrderRecord, paymentMethod = 'pm_card_visa') {
  const { clientSecret, publishableKey } = await ensureIntent(paymentId);
  return payWithCard({
    stripeUrl: localCloud.stripeUrl,
    publishableKey,
    clientSecret: clientSecret ?? '',
    paymentMethod,
  });
}

/** Held at the provider, and known to us in the status given; T1's question stands in for the webhook. */
export async function createHeldOrder(
  status: 'placed' | 'accepted' | 'rejected' = 'placed',
  changes: Partial<NewOrder> = {},
): Promise<OrderRecord> {
  const order = await createOrderIn('pending_payment', changes);
  await payAtProvider(order);
  await expireOrderUnlessPaid(order._id);
  if (status === 'accepted') await accept(order);
  if (status === 'rejected') await reject(order);
  return getStoredOrder(order._id);
}

function accept(order: OrderRecord) {
  const owner = ownerActor(order);
  const idempotency = idempotent(owner, 'acceptOrder');
  return acceptOrder({ orderId: order._id, prepMinutes: 20, idempotency }, owner);
}

function reject(order: OrderRecord) {
  const owner = ownerActor(order);
  const idempotency = idempotent(owner, 'rejectOrder');
  return rejectOrder({ orderId: order._id, reason: 'closing', idempotency }, owner);
}
