import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { returnStock } from '../menu/index.ts';
import { findOrder, SOLD_OUT, TERMINAL_STATUSES } from '../orders/index.ts';
import { claimKitchenSlot, releaseKitchenSlot, type RestaurantSnapshot } from '../restaurants/index.ts';
import { kitchenFull } from './can-order.ts';

interface Placing {
  orderId: string;
  /** When the kitchen begins. */
  at: Date;
}

/** What an order takes when it is placed, in its transaction. @throws AppError `restaurant_unavailable` (capacity_full) */
export async function claimReservations(tx: Tx, restaurant: RestaurantSnapshot, placing: Placing): Promise<void> {
  if (!(await claimKitchenSlot(tx, restaurant, placing))) throw kitchenFull(restaurant, placing.at);
}

/**
 * Once, when an order has ended before anybody accepted it: after that the kitchen has begun. A kitchen that refuses because a dish
 * has run out says that the count was wrong: giving it back would sell the same dish again.
 */
export async function releaseReservations(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order === null || !TERMINAL_STATUSES.includes(order.status) || order.readyEta !== null) return;
  await withTransaction((tx) => releaseKitchenSlot(tx, orderId));
  if (order.reason !== SOLD_OUT) await returnStock(orderId);
}
