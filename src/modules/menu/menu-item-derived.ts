import { beginningsOf, type RestaurantStatus } from '../restaurants/index.ts';
import type { MenuItemRow } from './menu-item.model.ts';

/**
 * What a dish is found by, made by whoever writes its name or the status of its restaurant; both hold the menu, so that neither
 * misses the other's.
 */
export function itemDerivedFields(
  { name }: Pick<MenuItemRow, 'name'>,
  { status }: { status: RestaurantStatus },
): Pick<MenuItemRow, 'searchTokens'> {
  return { searchTokens: status === 'live' ? beginningsOf(name) : [] };
}
