import { AppError } from '../../errors/index.ts';
import { cacheWrap } from '../../infra/redis/index.ts';
import { dateFrom, now } from '../../shared/clock.ts';
import { getLiveRestaurant, getRestaurant } from '../restaurants/index.ts';
import type { MenuCategoryRow } from './menu-category.model.ts';
import type { MenuItemRow, MenuOptionGroupRow } from './menu-item.model.ts';
import { mealtimesOf, toMenuItem, type MenuItem } from './menu-item-snapshot.ts';
import { byIdsQuery, categoriesQuery, itemsQuery, servedCategoriesQuery } from './menu.queries.ts';

export interface Menu {
  restaurantId: string;
  currency: string;
  categories: (Pick<MenuCategoryRow, 'name' | 'rank' | 'mealtimes'> & { id: string; items: MenuItem[] })[];
}

interface StoredMenu {
  currency: string;
  timeZone: string;
  categories: MenuCategoryRow[];
  items: MenuItemRow[];
}

/** Fresh for so long. */
const CACHE_SECONDS = 10;
/** Then, for so long, the next reader still gets the old menu while the new one is loaded: a change shows within a minute. */
const STALE_SECONDS = 50;

/**
 * Categories by rank with their items by rank; empty categories are left out. What is sold out is said as of now, also when the
 * rows come from the cache.
 * @throws AppError `not_found` unless the restaurant is live
 */
export async function getMenu(restaurantId: string): Promise<Menu> {
  const stored = await cacheWrap({
    cache: 'menu',
    key: restaurantId,
    ttlSeconds: CACHE_SECONDS,
    staleSeconds: STALE_SECONDS,
    load: () => loadMenu(restaurantId),
  });
  return assembleMenu(restaurantId, stored);
}

/** @throws AppError `not_found`, also for another restaurant's item */
export async function getMenuItem(restaurantId: string, itemId: string): Promise<MenuItem> {
  const [item] = await findMenuItems(restaurantId, [itemId]);
  if (item === undefined) throw new AppError('not_found');
  return item;
}

/** The restaurant's own items among these ids, in any order, as of now and never from the cache: prices are made of them. */
export async function findMenuItems(restaurantId: string, itemIds: readonly string[]): Promise<MenuItem[]> {
  const [rows, categories] = await Promise.all([
    byIdsQuery(restaurantId, itemIds).lean<MenuItemRow[]>(),
    servedCategoriesQuery(restaurantId).lean<Pick<MenuCategoryRow, '_id' | 'mealtimes'>[]>(),
  ]);
  const served = new Map(categories.map(({ _id, mealtimes }) => [_id, mealtimes]));
  const isClocked = rows.some((row) => mealtimesOf(row, served.get(row.categoryId)).length > 0);
  // Few dishes have hours of their own: the others need no clock of the restaurant's.
  const restaurant = isClocked ? await getRestaurant(restaurantId) : { timeZone: 'UTC' };
  const at = now();
  return rows.map((row) => toMenuItem(row, { at, restaurant, mealtimes: served.get(row.categoryId) }));
}

async function loadMenu(restaurantId: string): Promise<StoredMenu> {
  const [{ currency, timeZone }, categories, items] = await Promise.all([
    getLiveRestaurant(restaurantId),
    categoriesQuery(restaurantId).lean<MenuCategoryRow[]>(),
    itemsQuery(restaurantId).lean<MenuItemRow[]>(),
  ]);
  return { currency, timeZone, categories, items };
}

function assembleMenu(restaurantId: string, { currency, timeZone, categories, items }: StoredMenu): Menu {
  const at = now();
  const byCategory = Map.groupBy(items, (item) => item.categoryId);
  return {
    restaurantId,
    currency,
    categories: categories
      .map(({ _id, name, rank, mealtimes }) => {
        const moment = { at, restaurant: { timeZone }, mealtimes };
        const rows = byCategory.get(_id) ?? [];
        return { id: _id, name, rank, mealtimes, items: rows.map((row) => toMenuItem(revived(row), moment)) };
      })
      .filter((category) => category.items.length > 0),
  };
}

/** The cache speaks JSON, in which a date is text. */
function revived(row: MenuItemRow): MenuItemRow {
  const { sizes, optionGroups } = row;
  const revivedSizes = sizes.map((size) => ({ ...size, ...revivedSoldOut(size) }));
  return { ...row, ...revivedSoldOut(row), sizes: revivedSizes, optionGroups: optionGroups.map(revivedGroup) };
}

function revivedGroup(group: MenuOptionGroupRow): MenuOptionGroupRow {
  const options = group.options.map((option) => {
    return { ...option, ...revivedSoldOut(option), groups: option.groups.map(revivedGroup) };
  });
  return { ...group, options };
}

function revivedSoldOut(row: { soldOutUntil: Date | string | null }): { soldOutUntil: Date | null } {
  const { soldOutUntil } = row;
  return { soldOutUntil: typeof soldOutUntil === 'string' ? dateFrom(soldOutUntil) : soldOutUntil };
}
