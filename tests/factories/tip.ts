import { OrderModel } from '../../src/modules/orders/order.model.ts';
import type { NewOrder, OrderRecord } from '../../src/modules/orders/index.ts';
import { newId } from '../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from './order.ts';

/** Delivered by somebody, just now; 10.00 of its bill are a tip already. */
export async function createTippableOrder({
  courierId = newId(),
  ...changes
}: Partial<NewOrder> & { courierId?: string } = {}): Promise<OrderRecord> {
  const { _id } = await createOrderIn('delivered', changes);
  await OrderModel.updateOne({ _id }, { courierId });
  return getStoredOrder(_id);
}
