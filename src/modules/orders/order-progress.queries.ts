import { trusted } from 'mongoose';
import { OrderEventModel } from './order-event.model.ts';
import type { OrderEventType } from './order.events.ts';

const COOKING: readonly OrderEventType[] = ['order.preparing', 'order.ready', 'order.picked_up'];

/** Whether the kitchen had begun, whatever became of the order. */
export async function wasCooked(orderId: string): Promise<boolean> {
  return (await OrderEventModel.exists({ orderId, type: trusted({ $in: [...COOKING] }) })) !== null;
}
