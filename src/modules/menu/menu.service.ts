import { now } from '../../shared/clock.ts';
import { getLiveRestaurant, getRestaurant, type WeeklySpan } from '../restaurants/index.ts';
import type { MenuCategoryRow } from './menu-category.model.ts';
import type { MenuItemRow } from './menu-item.model.ts';
import { mealtimesOf, toMenuItem, type MenuItem } from './menu-item-snapshot.ts';
import { nextMenuTurn } from './next-menu-turn.ts';
import { byIdsQuery, categoriesQuery, itemsQuery, servedAmongQuery, servedCategoriesQuery } from './menu.queries.ts';

export interface Menu {
  restaurantId: string;
  currency: string;
  categories: (Pick<MenuCategoryRow, 'name' | 'rank' | 'mealtimes'> & { id: string; items: MenuItem[] })[];
  /** When the clock alone makes it another one; null: not in sight. */
  validUntil: Date | null;
}

/**
 * Categories by rank with their items by rank, as of now; empty categories are left out.
 * @throws AppError `not_found` unless the restaurant is live
 */
export async function getMenu(restaurantId: string): Promise<Menu> {
  const [restaurant, categories, items] = await Promise.all([
    getLiveRestaurant(restaurantId),
    categoriesQuery(restaurantId).lean<MenuCategoryRow[]>(),
    itemsQuery(restaurantId).lean<MenuItemRow[]>(),
  ]);
  const at = now();
  const byCategory = Map.groupBy(items, (item) => item.categoryId);
  const served = categories.map(({ _id, name, rank, mealtimes }) => {
    const rows = byCategory.get(_id) ?? [];
    return { id: _id, name, rank, mealtimes, items: rows.map((row) => toMenuItem(row, { at, restaurant, mealtimes })) };
  });
  const shown = served.filter((category) => category.items.length > 0);
  const validUntil = nextMenuTurn(
    shown.flatMap((category) => category.items),
    { at, restaurant },
  );
  return { restaurantId, currency: restaurant.currency, categories: shown, validUntil };
}

/**
 * The restaurant's own items among these ids, in any order, never from the cache: prices are made of them. Whether they can be had is
 * told as of `at`.
 */
export async function findMenuItems(
  restaurantId: string,
  itemIds: readonly string[],
  at: Date = now(),
): Promise<MenuItem[]> {
  const [rows, categories] = await Promise.all([
    byIdsQuery(restaurantId, itemIds).lean<MenuItemRow[]>(),
    servedCategoriesQuery(restaurantId).lean<Pick<MenuCategoryRow, '_id' | 'mealtimes'>[]>(),
  ]);
  const served = new Map(categories.map(({ _id, mealtimes }) => [_id, mealtimes]));
  const isClocked = rows.some((row) => mealtimesOf(row, served.get(row.categoryId)).length > 0);
  // Few dishes have hours of their own: the others need no clock of the restaurant's.
  const restaurant = isClocked ? await getRestaurant(restaurantId) : { timeZone: 'UTC' };
  return rows.map((row) => toMenuItem(row, { at, restaurant, mealtimes: served.get(row.categoryId) }));
}

/** When the categories among these are served that have hours of their own. */
export async function findServedHours(categoryIds: readonly string[]): Promise<Map<string, WeeklySpan[]>> {
  if (categoryIds.length === 0) return new Map();
  const rows = await servedAmongQuery([...new Set(categoryIds)]).lean<Pick<MenuCategoryRow, '_id' | 'mealtimes'>[]>();
  return new Map(rows.map(({ _id, mealtimes }) => [_id, mealtimes]));
}
