import type { Tx } from '../../infra/mongo/index.ts';
import type { RestaurantStatus } from '../restaurants/index.ts';
import { learnDishesAfter } from './edit-menu.service.ts';
import { itemDerivedFields } from './menu-item-derived.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';

interface MenuStand {
  itemCount: number;
  /** Not switched off; what is sold out comes back. */
  orderableCount: number;
  /** Of the prices; more than one is a fault. */
  currencies: string[];
  /** Of all dishes. */
  taxCategories: string[];
}

/** What there is to order, without the dishes themselves; as `tx` sees it, if given. */
export async function getMenuStand(restaurantId: string, tx: Tx | null = null): Promise<MenuStand> {
  const rows = await MenuItemModel.find({ restaurantId }, { _id: 0, isAvailable: 1, currency: 1, taxCategory: 1 })
    .hint({ restaurantId: 1, rank: 1, _id: 1 })
    .session(tx)
    .lean<Pick<MenuItemRow, 'isAvailable' | 'currency' | 'taxCategory'>[]>();
  return {
    itemCount: rows.length,
    orderableCount: rows.filter(({ isAvailable }) => isAvailable).length,
    currencies: [...new Set(rows.map(({ currency }) => currency))],
    taxCategories: [...new Set(rows.map(({ taxCategory }) => taxCategory))],
  };
}

/**
 * Dishes are found while their restaurant is live: for the transaction that makes it so, or ends it, and holds the menu. No version
 * grows, for nobody's edit is lost over it.
 */
export async function indexMenu(tx: Tx, restaurantId: string, status: RestaurantStatus): Promise<void> {
  const rows = await MenuItemModel.find({ restaurantId }, { name: 1 })
    .session(tx)
    .lean<Pick<MenuItemRow, '_id' | 'name'>[]>();
  const dishes = rows.map((row) => ({ ...row, ...itemDerivedFields(row, { status }) }));
  const writes = dishes.map(({ _id, searchTokens }) => {
    return { updateOne: { filter: { _id: _id as never }, update: { $set: { searchTokens } } } };
  });
  if (writes.length > 0) await MenuItemModel.collection.bulkWrite(writes, { session: tx, ordered: false });
  learnDishesAfter(tx, dishes);
}
