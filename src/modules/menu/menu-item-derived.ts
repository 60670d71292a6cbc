import type { GeoPoint } from '../../shared/geo.ts';
import { beginningsOf, regionOf } from '../restaurants/index.ts';
import type { MenuItemRow } from './menu-item.model.ts';

/** What a dish is found by, made from the rest of it with every write of it. */
export function itemSearchTokens({ name }: Pick<MenuItemRow, 'name'>): Pick<MenuItemRow, 'searchTokens'> {
  return { searchTokens: beginningsOf(name) };
}

/** The same and where, for a dish that is new: it is written by a transaction that holds its menu. */
export function itemDerivedFields(
  item: Pick<MenuItemRow, 'name'>,
  { location }: { location: GeoPoint },
): Pick<MenuItemRow, 'searchTokens' | 'region'> {
  return { ...itemSearchTokens(item), region: regionOf(location) };
}
