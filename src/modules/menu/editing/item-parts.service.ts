import type { Actor } from '../../../shared/actor.ts';
import { getRestaurant } from '../../restaurants/index.ts';
import { assertCurrency, changeMenuItem, growMenu, getItemAtWork } from '../edit-menu.service.ts';
import type { MenuItemRow } from '../menu-item.model.ts';
import type { GroupInput, SizeInput } from '../menu-input.schema.ts';
import { toGroupRows, toSizeRows } from '../menu-rows.ts';
import { pricesOfGroups, pricesOfSizes } from '../prices.ts';

interface Target {
  itemId: string;
  expectedVersion: number;
}

/** All groups of the item, in their order. @throws AppError `not_found`, `forbidden`, `version_conflict`, `currency_mismatch` */
export async function setItemOptions(
  { optionGroups, ...target }: Target & { optionGroups: GroupInput[] },
  actor: Actor,
): Promise<MenuItemRow> {
  const { restaurantId } = await getItemAtWork(target.itemId, actor.userId, 'menu.edit');
  const restaurant = await getRestaurant(restaurantId);
  assertCurrency(pricesOfGroups(optionGroups), restaurant.currency);
  return growMenu(restaurantId, (tx) =>
    changeMenuItem(tx, target, (row) => ({ optionGroups: toGroupRows(optionGroups, row.optionGroups) })),
  );
}

/** All sizes of the item, in their order; none: it has its own price. @throws AppError `not_found`, `forbidden`, `version_conflict`, `currency_mismatch` */
export async function setItemSizes(
  { sizes, ...target }: Target & { sizes: SizeInput[] },
  actor: Actor,
): Promise<MenuItemRow> {
  const { restaurantId } = await getItemAtWork(target.itemId, actor.userId, 'menu.edit');
  const restaurant = await getRestaurant(restaurantId);
  assertCurrency(pricesOfSizes(sizes), restaurant.currency);
  return growMenu(restaurantId, (tx) => changeMenuItem(tx, target, (row) => ({ sizes: toSizeRows(sizes, row.sizes) })));
}
