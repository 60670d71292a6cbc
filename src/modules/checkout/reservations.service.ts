import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { keepStock, returnStock } from '../menu/index.ts';
import { findOrder, SOLD_OUT, TERMINAL_STATUSES, usesCouponUp } from '../orders/index.ts';
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
 * When an order has ended without its food: each part comes back once, however often that is told. The kitchen's capacity and its dishes
 * do while nobody had accepted it; after that the kitchen has begun, and one that refuses because a dish has run out says that its count
 * was wrong. Then only dishes come back that were held for a proposal which nobody answered. The coupon goes by who is to blame.
 */
export async function releaseReservations(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order === null || !TERMINAL_STATUSES.includes(order.status)) return;
  const isUnbegun = order.readyEta === null;
  await withTransaction(async (tx) => {
    if (isUnbegun) await releaseKitchenSlot(tx, orderId);
    if (!usesCouponUp(order)) await releaseCoupon(tx, orderId);
    if (!isUnbegun || order.reason === SOLD_OUT) await keepStock(tx, { orderId, lines: order.items });
  });
  if (isUnbegun && order.reason !== SOLD_OUT) await returnStock(orderId);
}
