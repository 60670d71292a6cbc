import { withTransaction } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { getRestaurant, prepMinutesAt, type RestaurantSnapshot } from '../restaurants/index.ts';
import { cancelOrderTimers } from './order-command.service.ts';
import { tryTransition } from './order-transition.service.ts';
import { cookingFrom } from './cooking-from.ts';
import { findOrder } from './orders.queries.ts';

/** As for a person: longer than this nobody may say. */
const MAX_PREP_MINUTES = 90;

/**
 * O7 for a restaurant that takes every order, with the time it needs at this moment. Not while it is paused, or so busy that a person
 * should look: T2 runs on then, as for everybody. Silent where somebody was quicker.
 */
export async function autoAcceptOrder(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  if (order?.status !== 'placed' || order.paymentStatus === 'payment_problem') return;
  const restaurant = await getRestaurant(order.restaurantId);
  const prepMinutes = autoPrepMinutes(restaurant, now());
  if (prepMinutes === null) return;
  await withTransaction(async (tx) => {
    const accepted = await tryTransition(tx, 'O7', {
      orderId,
      actor: { role: 'system', id: null },
      owner: {},
      data: { prepMinutes, isAutomatic: true },
      set: cookingFrom(order, now(), prepMinutes),
    });
    if (accepted !== null) await cancelOrderTimers(tx, orderId);
  });
}

/** Null: a person must answer. */
function autoPrepMinutes(restaurant: RestaurantSnapshot, at: Date): number | null {
  const isPaused = restaurant.pausedUntil !== null && restaurant.pausedUntil > at;
  if (!restaurant.autoAccept || restaurant.status !== 'live' || isPaused) return null;
  const prepMinutes = prepMinutesAt(restaurant, at);
  return prepMinutes > MAX_PREP_MINUTES ? null : Math.max(5, prepMinutes);
}
