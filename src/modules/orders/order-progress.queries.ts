import { trusted } from 'mongoose';
import { OrderEventModel } from './order-event.model.ts';
import type { OrderEventType } from './order.events.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';

const COOKING: readonly OrderEventType[] = ['order.preparing', 'order.ready', 'order.picked_up'];

/** Whether the kitchen had begun, whatever became of the order. */
export async function wasCooked(orderId: string): Promise<boolean> {
  return (await OrderEventModel.exists({ orderId, type: trusted({ $in: [...COOKING] }) })) !== null;
}

const FOR_THE_BOOKS = [
  ...['number', 'status', 'customerId', 'ownerId', 'courierId', 'restaurantId', 'restaurant', 'pricing', 'currency'],
  ...['amountDueMinor', 'coupon', 'liableParty', 'commissionBasisPoints', 'courierFeeMinor'],
];

/** Without what is the customer's alone. */
export type BookedOrder = Pick<
  OrderRecord,
  | '_id'
  | 'number'
  | 'status'
  | 'customerId'
  | 'ownerId'
  | 'courierId'
  | 'restaurantId'
  | 'restaurant'
  | 'pricing'
  | 'currency'
  | 'amountDueMinor'
  | 'coupon'
  | 'liableParty'
  | 'commissionBasisPoints'
  | 'courierFeeMinor'
> & { wasCooked: boolean };

/** What the books tell of these orders, by id. */
export async function findBookedOrders(orderIds: readonly string[]): Promise<Map<string, BookedOrder>> {
  const ids = trusted({ $in: [...new Set(orderIds)] });
  const rows = await OrderModel.find({ _id: ids }).select(FOR_THE_BOOKS).lean<Omit<BookedOrder, 'wasCooked'>[]>();
  const cooked = await OrderEventModel.find(
    { orderId: ids, type: trusted({ $in: [...COOKING] }) },
    { orderId: 1 },
  ).lean();
  const cookedIds = new Set(cooked.map(({ orderId }) => orderId));
  return new Map(rows.map((row) => [row._id, { ...row, wasCooked: cookedIds.has(row._id) }]));
}
