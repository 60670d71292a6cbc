import { AppError } from '../../../errors/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { newId } from '../../../shared/ids.ts';
import type { WeeklySpan } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { assertNewName } from '../category-names.ts';
import { assertVersion, editMenu, getCategoryAtWork, MAX_CATEGORIES } from '../edit-menu.service.ts';
import { MenuCategoryModel, type MenuCategoryRow } from '../menu-category.model.ts';
import { MenuItemModel } from '../menu-item.model.ts';
import { categoriesQuery } from '../menu.queries.ts';
import { ranksOf } from './ranks.ts';

interface CategoryFields {
  name: string;
  mealtimes: WeeklySpan[];
}

/** In the order of the menu, empty ones too. @throws AppError `not_found`, `forbidden` */
export async function listCategories(restaurantId: string, actor: Actor): Promise<MenuCategoryRow[]> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.stock');
  return categoriesQuery(restaurantId).lean<MenuCategoryRow[]>();
}

/** At the bottom of the menu. @throws AppError `not_found`, `forbidden`, `list_full`, `already_exists` (name) */
export async function createCategory(
  { restaurantId, ...fields }: CategoryFields & { restaurantId: string },
  actor: Actor,
): Promise<MenuCategoryRow> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  return editMenu(restaurantId, async (tx) => {
    const rows = await categoriesQuery(restaurantId).session(tx).lean<MenuCategoryRow[]>();
    if (rows.length >= MAX_CATEGORIES) throw new AppError('list_full');
    assertNewName(rows, fields.name);
    const rank = (rows.at(-1)?.rank ?? -1) + 1;
    const row: MenuCategoryRow = { _id: newId(), restaurantId, ...fields, rank, version: 0 };
    await MenuCategoryModel.collection.insertOne(row as never, { session: tx });
    return row;
  });
}

interface ChangeCategoryInput {
  categoryId: string;
  expectedVersion: number;
  name?: string | undefined;
  mealtimes?: WeeklySpan[] | undefined;
}

/** @throws AppError `not_found`, `forbidden`, `version_conflict`, `already_exists` (name) */
export async function changeCategory(input: ChangeCategoryInput, actor: Actor): Promise<MenuCategoryRow> {
  const { categoryId, expectedVersion, name, mealtimes } = input;
  const { restaurantId } = await getCategoryAtWork(categoryId, actor.userId);
  return editMenu(restaurantId, async (tx) => {
    const row = await MenuCategoryModel.findById(categoryId).session(tx).lean<MenuCategoryRow>();
    if (row === null) throw new AppError('not_found');
    assertVersion(row, expectedVersion);
    const all = name === undefined ? [] : await categoriesQuery(restaurantId).session(tx).lean<MenuCategoryRow[]>();
    if (name !== undefined) assertNewName(all, name, categoryId);
    const fields = { name: name ?? row.name, mealtimes: mealtimes ?? row.mealtimes, version: row.version + 1 };
    await MenuCategoryModel.collection.updateOne({ _id: row._id as never }, { $set: fields }, { session: tx });
    return { ...row, ...fields };
  });
}

/** Only an empty one: dishes are moved or deleted by name. @throws AppError `not_found`, `forbidden`, `version_conflict`, `category_in_use` */
export async function deleteCategory(
  { categoryId, expectedVersion }: { categoryId: string; expectedVersion: number },
  actor: Actor,
): Promise<void> {
  const { restaurantId } = await getCategoryAtWork(categoryId, actor.userId);
  await editMenu(restaurantId, async (tx) => {
    const row = await MenuCategoryModel.findById(categoryId).session(tx).lean<MenuCategoryRow>();
    if (row === null) throw new AppError('not_found');
    assertVersion(row, expectedVersion);
    const item = await MenuItemModel.findOne({ restaurantId, categoryId }, { _id: 1 })
      .hint({ restaurantId: 1, rank: 1, _id: 1 })
      .session(tx)
      .lean();
    if (item !== null) throw new AppError('category_in_use');
    await MenuCategoryModel.collection.deleteOne({ _id: categoryId as never }, { session: tx });
  });
}

/** @throws AppError `not_found`, `forbidden`, `validation_failed` unless every category is named once */
export async function orderCategories(
  { restaurantId, categoryIds }: { restaurantId: string; categoryIds: string[] },
  actor: Actor,
): Promise<MenuCategoryRow[]> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  return editMenu(restaurantId, async (tx) => {
    const rows = await categoriesQuery(restaurantId).session(tx).lean<MenuCategoryRow[]>();
    const moved = ranksOf(rows, { ids: categoryIds, path: 'categoryIds' });
    const writes = moved.map(({ _id, rank }) => ({
      updateOne: { filter: { _id: _id as never }, update: { $set: { rank }, $inc: { version: 1 } } },
    }));
    if (writes.length > 0) await MenuCategoryModel.collection.bulkWrite(writes, { session: tx });
    return categoriesQuery(restaurantId).session(tx).lean<MenuCategoryRow[]>();
  });
}
