import type { GeoPoint } from '../../shared/geo.ts';
import { beginningsOf, regionOf } from '../restaurants/index.ts';
import type { MenuItemRow } from './menu-item.model.ts';

/** What a dish needs to be found, made from the rest of it and its restaurant with every write of it. */
export function itemDerivedFields(
  item: Pick<MenuItemRow, 'name'>,
  { location }: { location: GeoPoint },
): Pick<MenuItemRow, 'searchTokens' | 'region'> {
  return { searchTokens: beginningsOf(item.name), region: regionOf(location) };
}
