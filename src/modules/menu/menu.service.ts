import { addMs, now } from '../../shared/clock.ts';
import { getLiveRestaurant, getRestaurant, kitchenStartFor, type WeeklySpan } from '../restaurants/index.ts';
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
 * Categories by rank with their items by rank; empty categories are left out. As of now, or for the slot that begins then: as of the
 * moment at which its kitchen begins, as cart and quote judge it.
 * @throws AppError `not_found` unless the restaurant is live; `slot_unavailable`
 */
export async function getMenu(restaurantId: string, slot?: Date): Promise<Menu> {
  const [restaurant, categories, rows] = await Promise.all([
    getLiveRestaurant(restaurantId),
    categoriesQuery(restaurantId).lean<MenuCategoryRow[]>(),
    itemsQuery(restaurantId).lean<MenuItemRow[]>(),
  ]);
  const at = slot === undefined ? now() : kitchenStartFor(restaurant, slot, now());
  const byCategory = Map.groupBy(rows, ({ categoryId }) => categoryId);
  const served = categories.map(({ _id, name, rank, mealtimes }) => {
    const moment = { at, restaurant, mealtimes };
    return { id: _id, name, rank, mealtimes, items: (byCategory.get(_id) ?? []).map((row) => toMenuItem(row, moment)) };
  });
  const shown = served.filter((category) => category.items.length > 0);
  const items = shown.flatMap((category) => category.items);
  // For a slot the moment stands still, until it is too late for it.
  const validUntil = slot === undefined ? nextMenuTurn(items, { at, restaurant }) : addMs(at, 1);
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
