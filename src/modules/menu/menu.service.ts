import { AppError } from '../../errors/index.ts';
import { cacheWrap } from '../../infra/redis/index.ts';
import { dateFrom, now } from '../../shared/clock.ts';
import { getLiveRestaurant } from '../restaurants/index.ts';
import type { MenuCategoryRow } from './menu-category.model.ts';
import type { MenuItemRow } from './menu-item.model.ts';
import { toMenuItem, type MenuItem } from './menu-item-snapshot.ts';
import { byIdsQuery, categoriesQuery, itemsQuery } from './menu.queries.ts';

export interface Menu {
  restaurantId: string;
  currency: string;
  categories: { id: string; name: string; rank: number; items: MenuItem[] }[];
}

interface StoredMenu {
  currency: string;
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
  const rows = await byIdsQuery(restaurantId, itemIds).lean<MenuItemRow[]>();
  const at = now();
  return rows.map((row) => toMenuItem(row, at));
}

async function loadMenu(restaurantId: string): Promise<StoredMenu> {
  const [{ currency }, categories, items] = await Promise.all([
    getLiveRestaurant(restaurantId),
    categoriesQuery(restaurantId).lean<MenuCategoryRow[]>(),
    itemsQuery(restaurantId).lean<MenuItemRow[]>(),
  ]);
  return { currency, categories, items };
}

function assembleMenu(restaurantId: string, { currency, categories, items }: StoredMenu): Menu {
  const at = now();
  const byCategory = Map.groupBy(items, (item) => item.categoryId);
  return {
    restaurantId,
    currency,
    categories: categories
      .map(({ _id, name, rank }) => {
        return { id: _id, name, rank, items: (byCategory.get(_id) ?? []).map((row) => toMenuItem(revived(row), at)) };
      })
      .filter((category) => category.items.length > 0),
  };
}

/** The cache speaks JSON, in which a date is text. */
function revived(row: MenuItemRow): MenuItemRow {
  const optionGroups = row.optionGroups.map((group) => {
    return { ...group, options: group.options.map((option) => ({ ...option, ...revivedSoldOut(option) })) };
  });
  return { ...row, ...revivedSoldOut(row), optionGroups };
}

function revivedSoldOut(row: { soldOutUntil: Date | string | null }): { soldOutUntil: Date | null } {
  const { soldOutUntil } = row;
  return { soldOutUntil: typeof soldOutUntil === 'string' ? dateFrom(soldOutUntil) : soldOutUntil };
}
