import { trusted } from 'mongoose';
import type { Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { learnDishesAfter } from '../edit-menu.service.ts';
import { MenuCategoryModel, type MenuCategoryRow } from '../menu-category.model.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';
import { categoriesQuery, itemsQuery } from '../menu.queries.ts';
import { letGoOfPictures } from '../pictures.service.ts';
import type { ImportPlan, StoredMenu } from './plan-import.ts';

export async function readStoredMenu(tx: Tx, restaurantId: string): Promise<StoredMenu> {
  // One after the other: a transaction has one session.
  const categories = await categoriesQuery(restaurantId).session(tx).lean<MenuCategoryRow[]>();
  const items = await itemsQuery(restaurantId).session(tx).lean<MenuItemRow[]>();
  return { categories, items };
}

type Change = Pick<ImportPlan, 'categories' | 'items' | 'removed'>;

/** Writes a plan that was made of `stored` in the same transaction; in a handful of commands, however long the menu. */
export async function writeMenu(tx: Tx, stored: StoredMenu, { categories, items, removed }: Change): Promise<void> {
  await removeRows(tx, removed);
  const hasCategory = new Set(stored.categories.map(({ _id }) => _id));
  const categoryWrites = categories.map((row) => write(row, hasCategory.has(row._id)));
  if (categoryWrites.length > 0) await MenuCategoryModel.collection.bulkWrite(categoryWrites, { session: tx });
  await freeNumbers(tx, stored, items);
  const hasItem = new Set(stored.items.map(({ _id }) => _id));
  const versions = new Map(stored.items.map(({ _id, version }) => [_id, version]));
  const changing = items.filter(({ _id, version }) => versions.get(_id) !== version);
  const itemWrites = changing.map(({ stock, ...row }) => {
    const changed = { ...row, updatedAt: now() };
    // What is there keeps its count: a sale may be on its way.
    return hasItem.has(row._id) ? write(changed, true) : write({ ...changed, stock }, false);
  });
  if (itemWrites.length > 0) await MenuItemModel.collection.bulkWrite(itemWrites, { session: tx });
  const known = new Set(stored.items.map(({ name }) => name));
  learnDishesAfter(
    tx,
    items.filter(({ name }) => !known.has(name)),
  );
}

async function removeRows(tx: Tx, { categories, items }: ImportPlan['removed']): Promise<void> {
  const idsOf = (rows: readonly { _id: string }[]) => ({ _id: trusted({ $in: rows.map(({ _id }) => _id) }) });
  if (items.length > 0) await MenuItemModel.deleteMany(idsOf(items)).session(tx);
  if (categories.length > 0) await MenuCategoryModel.deleteMany(idsOf(categories)).session(tx);
  await letGoOfPictures(tx, items);
}

/** Two items that swap their numbers would meet in the unique index. */
async function freeNumbers(tx: Tx, stored: StoredMenu, items: readonly MenuItemRow[]): Promise<void> {
  const before = new Map(stored.items.map(({ _id, sku }) => [_id, sku]));
  const renumbered = items.filter(({ _id, sku }) => (before.get(_id) ?? null) !== null && before.get(_id) !== sku);
  if (renumbered.length === 0) return;
  const ids = trusted({ $in: renumbered.map(({ _id }) => _id) });
  await MenuItemModel.updateMany({ _id: ids }, { $set: { sku: null } }).session(tx);
}

function write<Row extends { _id: string }>(row: Row, isThere: boolean) {
  const { _id, ...fields } = row;
  if (!isThere) return { insertOne: { document: row as never } };
  return { updateOne: { filter: { _id: _id as never }, update: { $set: fields } } };
}
