import type { OfferMessage } from '../deliveries/index.ts';
import type { OrderMessage } from '../orders/index.ts';
import { dropDashboards } from './dashboard-cache.ts';

/** Something happened to an order, its payment or its delivery: all its parties look anew, and the office that counts them. */
export async function dropForOrder({ customerId, restaurantId, courierId }: OrderMessage): Promise<void> {
  const courier = courierId === null ? [] : [`user:${courierId}`];
  await dropDashboards([`user:${customerId}`, `restaurant:${restaurantId}`, 'office', ...courier]);
}

export async function dropForOffer({ courierId }: OfferMessage): Promise<void> {
  await dropForUser(courierId);
}

/** Somebody has written something: what it changes of their own view, they must see at once. */
export async function dropForUser(userId: string): Promise<void> {
  await dropDashboards([`user:${userId}`]);
}
