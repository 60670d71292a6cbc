import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { createCategory, createMenuItem } from './menu-item.ts';
import { createRestaurant } from './restaurant.ts';

/** With everything that a submission needs, a dish among it; a draft unless told otherwise. */
export async function createCompleteRestaurant(changes: Partial<RestaurantRow> = {}): Promise<RestaurantRow> {
  const row = await createRestaurant({ status: 'draft', ...changes });
  const { _id: restaurantId, currency } = row;
  const { _id: categoryId } = await createCategory({ restaurantId });
  const found = row.status === 'live' ? {} : { searchTokens: [] };
  await createMenuItem({ restaurantId, categoryId, currency, ...found });
  return row;
}
