import { withTransaction } from '../../src/infra/mongo/index.ts';
import { appendOrderEvent, type NewOrder, type OrderRecord } from '../../src/modules/orders/index.ts';
import { newId } from '../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from './order.ts';

/** Delivered by somebody, just now; 10.00 of its bill are a tip already. */
export async function createTippableOrder({
  courierId = newId(),
  ...changes
}: Partial<NewOrder> & { courierId?: string } = {}): Promise<OrderRecord> {
  const { _id: orderId } = await createOrderIn('delivered', changes);
  const actor = { role: 'system' as const, id: null };
  await withTransaction((tx) =>
    appendOrderEvent(tx, { orderId, type: 'delivery.assigned', actor, data: {}, set: { courierId } }),
  );
  return getStoredOrder(orderId);
}
