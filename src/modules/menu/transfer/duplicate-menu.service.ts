import { AppError } from '../../../errors/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { getRestaurant, type RestaurantSnapshot } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { ensureMenu, growMenu, holdMenu, MAX_CATEGORIES, MAX_ITEMS } from '../edit-menu.service.ts';
import { assertTaxed } from '../item-taxes.ts';
import { itemDerivedFields } from '../menu-item-derived.ts';
import type { MenuItemRow, MenuOptionGroupRow } from '../menu-item.model.ts';
import { withReadyPictures } from '../pictures.service.ts';
import { readStoredMenu, writeMenu } from './menu-store.service.ts';
import type { StoredMenu } from './plan-import.ts';

interface DuplicateInput {
  restaurantId: string;
  toRestaurantId: string;
  /** Give up the menu that is there. */
  replace: boolean;
}

/**
 * The whole menu once more, in another restaurant where one may edit, with ids of its own. What is sold out and how many are left is
 * each kitchen's own. A picture is shown by both; it stays as long as either shows it. Clips are not copied.
 * @throws AppError `not_found`, `forbidden` (either restaurant), `currency_mismatch`, `tax_rate_missing`, `menu_not_empty`, `list_full`,
 *   `validation_failed` (onto itself)
 */
export async function duplicateMenu({ restaurantId, toRestaurantId, replace }: DuplicateInput, actor: Actor) {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  await assertWorksAt(toRestaurantId, actor.userId, 'menu.edit');
  if (restaurantId === toRestaurantId) throw ontoItself();
  await ensureMenu(restaurantId);
  return growMenu(toRestaurantId, async (tx) => {
    await holdMenu(tx, restaurantId);
    const from = await getRestaurant(restaurantId, tx);
    const to = await getRestaurant(toRestaurantId, tx);
    assertSameCurrency(from, to);
    const stored = await readStoredMenu(tx, toRestaurantId);
    if (!replace && stored.categories.length + stored.items.length > 0) throw new AppError('menu_not_empty');
    const source = await readStoredMenu(tx, restaurantId);
    const copy = copyOf({ ...source, items: await withReadyPictures(tx, source.items) }, to);
    assertTaxed(
      to,
      source.items.map(({ taxCategory }) => ({ path: 'toRestaurantId', taxCategory })),
    );
    if (copy.categories.length > MAX_CATEGORIES || copy.items.length > MAX_ITEMS) throw new AppError('list_full');
    const nothing = { categories: [], items: [] };
    await writeMenu(tx, nothing, {
      ...copy,
      removed: { categories: [...stored.categories], items: [...stored.items] },
    });
    return { restaurantId: toRestaurantId, categories: copy.categories.length, items: copy.items.length };
  });
}

function copyOf({ categories, items }: StoredMenu, to: RestaurantSnapshot) {
  const ids = new Map(categories.map(({ _id }) => [_id, newId()]));
  return {
    categories: categories.map((row) => {
      return { ...row, _id: ids.get(row._id) ?? newId(), restaurantId: to.id, version: 0 };
    }),
    items: items.map((row) => copyOfItem(row, { categoryId: ids.get(row.categoryId) ?? '', to })),
  };
}

function copyOfItem(row: MenuItemRow, { categoryId, to }: { categoryId: string; to: RestaurantSnapshot }): MenuItemRow {
  const at = now();
  return {
    ...row,
    ...{ _id: newId(), restaurantId: to.id, categoryId, version: 0, createdAt: at, updatedAt: at },
    ...{ soldOutUntil: null, stock: null, clipImageId: null, clipUrl: null },
    sizes: row.sizes.map((size) => ({ ...size, _id: newId(), soldOutUntil: null })),
    optionGroups: row.optionGroups.map(copyOfGroup),
    ...itemDerivedFields(row, to),
  };
}

function copyOfGroup(group: MenuOptionGroupRow): MenuOptionGroupRow {
  const options = group.options.map((option) => {
    return { ...option, _id: newId(), soldOutUntil: null, groups: option.groups.map(copyOfGroup) };
  });
  return { ...group, _id: newId(), options };
}

function ontoItself(): AppError<'validation_failed'> {
  const message = 'must be another restaurant than the one that is copied';
  return new AppError('validation_failed', { details: [{ path: 'toRestaurantId', code: 'same', message }] });
}

function assertSameCurrency(from: RestaurantSnapshot, to: RestaurantSnapshot): void {
  if (from.currency === to.currency) return;
  const message = `The one sells in ${from.currency}, the other in ${to.currency}.`;
  const details = [{ path: 'toRestaurantId', code: 'currency_mismatch', message }];
  throw new AppError('currency_mismatch', { details });
}
