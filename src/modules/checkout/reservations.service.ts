import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { returnStock } from '../menu/index.ts';
import { findOrder, SOLD_OUT, TERMINAL_STATUSES } from '../orders/index.ts';
import { releaseCoupon } from '../promotions/index.ts';
import { claimKitchenSlot, releaseKitchenSlot, type RestaurantSnapshot } from '../restaurants/index.ts';
import { kitchenFull, type Appointment } from './can-order.ts';

interface Placing {
  orderId: string;
  appointment: Appointment;
}

/**
 * What an order takes of the kitchen when it is placed, in its transaction.
 * @throws AppError `restaurant_unavailable` or `slot_unavailable`, both as `capacity_full`
 */
export async function claimReservations(
  tx: Tx,
  restaurant: RestaurantSnapshot,
  { orderId, appointment }: Placing,
): Promise<void> {
  const isClaimed = await claimKitchenSlot(tx, restaurant, { orderId, at: appointment.beginsAt });
  if (!isClaimed) throw kitchenFull(restaurant, appointment);
}

/**
 * Once, when an order has ended before anybody accepted it: after that the kitchen has begun. A kitchen that refuses because a dish
 * has run out says that the count was wrong: giving it back would sell the same dish again.
 */
export async function releaseReservations(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order === null || !TERMINAL_STATUSES.includes(order.status) || order.readyEta !== null) return;
  await withTransaction(async (tx) => {
    await releaseKitchenSlot(tx, orderId);
    if (order.coupon !== null) await releaseCoupon(tx, orderId);
  });
  if (order.reason !== SOLD_OUT) await returnStock(orderId);
}
