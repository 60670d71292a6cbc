import type { Tx } from '../../infra/mongo/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { regionOf } from '../restaurants/index.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';

interface MenuStand {
  itemCount: number;
  /** Not switched off; what is sold out comes back. */
  orderableCount: number;
  /** Of the prices; more than one is a fault. */
  currencies: string[];
}

/** What there is to order, without the dishes themselves; as `tx` sees it, if given. */
export async function getMenuStand(restaurantId: string, tx: Tx | null = null): Promise<MenuStand> {
  const rows = await MenuItemModel.find({ restaurantId }, { _id: 0, isAvailable: 1, currency: 1 })
    .session(tx)
    .lean<Pick<MenuItemRow, 'isAvailable' | 'currency'>[]>();
  return {
    itemCount: rows.length,
    orderableCount: rows.filter(({ isAvailable }) => isAvailable).length,
    currencies: [...new Set(rows.map(({ currency }) => currency))],
  };
}

/** The dishes are searched for where their restaurant is. For a transaction that holds the menu: no dish is born meanwhile. */
export async function moveMenu(tx: Tx, restaurantId: string, location: GeoPoint): Promise<void> {
  await MenuItemModel.collection.updateMany(
    { restaurantId },
    { $set: { region: regionOf(location) } },
    { session: tx },
  );
}
