import { now } from '../../shared/clock.ts';
import { itemAvailabilityOf } from '../restaurants/index.ts';
import type { MenuItemRow } from './menu-item.model.ts';
import { itemsQuery } from './menu.queries.ts';

type Sellable = Pick<MenuItemRow, 'isAvailable' | 'soldOutUntil' | 'stock' | 'sizes' | 'optionGroups'>;

const SELLABLE_FIELDS = { isAvailable: 1, soldOutUntil: 1, stock: 1, sizes: 1, optionGroups: 1 } as const;

/** Dishes of one menu that cannot be had, whatever the hour; a menu is some hundred rows at most. */
export async function countSoldOut(restaurantId: string): Promise<number> {
  const rows = await itemsQuery(restaurantId).select(SELLABLE_FIELDS).lean<Sellable[]>();
  const moment = { at: now(), restaurant: { timeZone: 'UTC' } };
  return rows.filter((row) => !itemAvailabilityOf(row, moment).isAvailable).length;
}
