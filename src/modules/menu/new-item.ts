import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { RestaurantSnapshot } from '../restaurants/index.ts';
import { itemDerivedFields } from './menu-item-derived.ts';
import type { MenuItemRow } from './menu-item.model.ts';

/** What an item says of itself. */
export type ItemText = Pick<
  MenuItemRow,
  'name' | 'description' | 'sku' | 'taxCategory' | 'allergens' | 'diets' | 'mealtimes'
>;

type NewItem = ItemText & Pick<MenuItemRow, 'categoryId' | 'priceMinor' | 'stock'> & { restaurant: RestaurantSnapshot };

/** Without sizes and options, at rank 0. */
export function newItem({ restaurant, ...fields }: NewItem): MenuItemRow {
  const at = now();
  return {
    _id: newId(),
    restaurantId: restaurant.id,
    currency: restaurant.currency,
    rank: 0,
    ...fields,
    ...{ isAvailable: true, soldOutUntil: null },
    ...{ imageId: null, picture: null, clipImageId: null, clipUrl: null },
    ...{ sizes: [], optionGroups: [] },
    ...itemDerivedFields(fields, restaurant),
    ...{ version: 0, createdAt: at, updatedAt: at },
  };
}
