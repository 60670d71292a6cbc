import { trusted } from 'mongoose';
import { OrderEventModel } from './order-event.model.ts';
import type { OrderEventType } from './order.events.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';

const COOKING: readonly OrderEventType[] = ['order.preparing', 'order.ready', 'order.picked_up'];

/** Whether the kitchen had begun, whatever became of the order. */
export async function wasCooked(orderId: string): Promise<boolean> {
  return (await OrderEventModel.exists({ orderId, type: trusted({ $in: [...COOKING] }) })) !== null;
}

interface OrderLabel {
  number: string;
  restaurantName: string;
  timeZone: string;
}

/** How people call these orders, by id. */
export async function findOrderLabels(orderIds: readonly string[]): Promise<Map<string, OrderLabel>> {
  const rows = await OrderModel.find(
    { _id: trusted({ $in: [...new Set(orderIds)] }) },
    { number: 1, 'restaurant.name': 1, 'restaurant.timeZone': 1 },
  ).lean<Pick<OrderRecord, '_id' | 'number' | 'restaurant'>[]>();
  return new Map(
    rows.map(({ _id, number, restaurant: { name: restaurantName, timeZone } }) => {
      return [_id, { number, restaurantName, timeZone }];
    }),
  );
}
