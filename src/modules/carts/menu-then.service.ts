import { now } from '../../shared/clock.ts';
import { findMenuItems, type MenuItem } from '../menu/index.ts';
import { getRestaurant, kitchenStartFor, type RestaurantSnapshot } from '../restaurants/index.ts';

export interface MenuThen {
  restaurant: RestaurantSnapshot;
  /** Judged at `beginsAt`. */
  items: MenuItem[];
  /** When the kitchen would begin: now, or in time for the slot. */
  beginsAt: Date;
}

interface Asked {
  restaurantId: string;
  itemIds: readonly string[];
  /** When the slot begins for which it is wanted; absent: as soon as possible. */
  slot?: Date | undefined;
  at?: Date | undefined;
}

/**
 * A restaurant and its dishes as of the moment that decides whether they can be had: breakfast is ordered in the evening, for the
 * morning. Where that is now, both are read at once.
 * @throws AppError `not_found`; `slot_unavailable` for a slot that is not there, or comes too soon
 */
export async function findMenuThen({ restaurantId, itemIds, slot, at = now() }: Asked): Promise<MenuThen> {
  const ids = [...new Set(itemIds)];
  if (slot === undefined) {
    const [restaurant, items] = await Promise.all([getRestaurant(restaurantId), findMenuItems(restaurantId, ids, at)]);
    return { restaurant, items, beginsAt: at };
  }
  const restaurant = await getRestaurant(restaurantId);
  const beginsAt = kitchenStartFor(restaurant, slot, at);
  return { restaurant, items: await findMenuItems(restaurantId, ids, beginsAt), beginsAt };
}
