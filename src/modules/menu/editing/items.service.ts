import { config } from '../../../config/index.ts';
import { AppError, invalidCursor } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import type { Money } from '../../../shared/money.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import { getRestaurant } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import {
  assertCurrency,
  assertVersion,
  changeMenuItem,
  editMenu,
  getItemAtWork,
  growMenu,
  learnDishesAfter,
  MAX_ITEMS,
} from '../edit-menu.service.ts';
import { assertTaxed } from '../item-taxes.ts';
import { MenuCategoryModel } from '../menu-category.model.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';
import type { GroupInput, SizeInput } from '../menu-input.schema.ts';
import { toGroupRows, toSizeRows } from '../menu-rows.ts';
import { newItem, type ItemText } from '../new-item.ts';
import { itemsAfterQuery, itemsQuery } from '../menu.queries.ts';
import { letGoOfPictures } from '../pictures.service.ts';
import { pricesOfGroups, pricesOfSizes } from '../prices.ts';
import { ranksOf } from './ranks.ts';

export interface CreateItemInput extends ItemText {
  restaurantId: string;
  categoryId: string;
  price: Money;
  stock: number | null;
  sizes: SizeInput[];
  optionGroups: GroupInput[];
}

/** At the bottom of its category. @throws AppError `not_found`, `forbidden`, `currency_mismatch`, `tax_rate_missing`, `list_full`, `already_exists` (sku) */
export async function createItem(input: CreateItemInput, actor: Actor): Promise<MenuItemRow> {
  const { restaurantId, categoryId, price, sizes, optionGroups, ...text } = input;
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  const prices = [{ path: 'price', price }, ...pricesOfSizes(sizes), ...pricesOfGroups(optionGroups)];
  return growMenu(restaurantId, async (tx) => {
    const restaurant = await getRestaurant(restaurantId, tx);
    assertCurrency(prices, restaurant.currency);
    assertTaxed(restaurant, [{ path: 'taxCategory', taxCategory: text.taxCategory }]);
    await assertCategory(tx, { restaurantId, categoryId });
    const items = await rankedItems(tx, restaurantId);
    if (items.length >= MAX_ITEMS) throw new AppError('list_full');
    const draft = newItem({ restaurant, categoryId, priceMinor: price.amount, ...text });
    const parts = { sizes: toSizeRows(sizes), optionGroups: toGroupRows(optionGroups) };
    const placed = { ...draft, ...parts, rank: lastRank(items, categoryId) + 1 };
    await MenuItemModel.collection.insertOne(placed as never, { session: tx });
    learnDishesAfter(tx, [placed]);
    return placed;
  });
}

type TextChange = { [K in keyof ItemText]?: ItemText[K] | undefined };

export interface ChangeItemInput extends TextChange {
  itemId: string;
  expectedVersion: number;
  categoryId?: string | undefined;
  price?: Money | undefined;
}

/** @throws AppError `not_found`, `forbidden`, `version_conflict`, `currency_mismatch`, `tax_rate_missing`, `already_exists` (sku) */
export async function changeItem(input: ChangeItemInput, actor: Actor): Promise<MenuItemRow> {
  const { itemId, expectedVersion, categoryId, price, ...text } = input;
  const { restaurantId } = await getItemAtWork(itemId, actor.userId, 'menu.edit');
  return growMenu(restaurantId, async (tx) => {
    const restaurant = await getRestaurant(restaurantId, tx);
    if (price !== undefined) assertCurrency([{ path: 'price', price }], restaurant.currency);
    const { taxCategory } = text;
    if (taxCategory !== undefined) assertTaxed(restaurant, [{ path: 'taxCategory', taxCategory }]);
    const place = categoryId === undefined ? {} : await placeIn(tx, { restaurantId, categoryId, itemId });
    return changeMenuItem(tx, { itemId, expectedVersion }, () => ({
      ...present(text),
      ...place,
      ...(price === undefined ? {} : { priceMinor: price.amount }),
    }));
  });
}

/** What was not sent stays as it is. */
function present(change: TextChange): Partial<ItemText> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** Its pictures go with it. @throws AppError `not_found`, `forbidden`, `version_conflict` */
export async function deleteItem(
  { itemId, expectedVersion }: { itemId: string; expectedVersion: number },
  actor: Actor,
): Promise<void> {
  const { restaurantId } = await getItemAtWork(itemId, actor.userId, 'menu.edit');
  await editMenu(restaurantId, async (tx) => {
    const row = await MenuItemModel.findById(itemId).session(tx).lean<MenuItemRow>();
    if (row === null) throw new AppError('not_found');
    assertVersion(row, expectedVersion);
    await MenuItemModel.collection.deleteOne({ _id: itemId as never }, { session: tx });
    await letGoOfPictures(tx, [row]);
  });
}

/** @throws AppError `not_found`, `forbidden` */
export async function getItem(itemId: string, actor: Actor): Promise<MenuItemRow> {
  return getItemAtWork(itemId, actor.userId, 'menu.stock');
}

/** As stored; the answer is of the same size. */
const MAX_PAGE_CHARACTERS = 500_000;
const READ_AT_ONCE = 25;

interface ListItemsInput {
  restaurantId: string;
  limit: number;
  cursor?: string | undefined;
}

/** Every item of the menu by its rank and id, whatever customers may see of it. @throws AppError `not_found`, `forbidden`, `validation_failed` (cursor) */
export async function listItems({ restaurantId, limit, cursor }: ListItemsInput, actor: Actor) {
  await assertWorksAt(restaurantId, actor.userId, 'menu.stock');
  const { secret } = config.quotes;
  const scope = `menu items ${restaurantId}`;
  const after = cursor === undefined ? null : (openCursor(cursor, scope, secret) as [number, string] | null);
  if (cursor !== undefined && after === null) throw invalidCursor();
  const { data, hasMore } = await readPage(restaurantId, after, limit);
  const last = data.at(-1);
  return {
    data,
    limit,
    nextCursor: hasMore && last !== undefined ? sealCursor([last.rank, last._id], scope, secret) : null,
  };
}

/** Until the page is full, or heavy: a dish with all its options may have seventy kilobytes. */
async function readPage(restaurantId: string, after: [number, string] | null, limit: number) {
  const data: MenuItemRow[] = [];
  let weight = 0;
  const rows = itemsAfterQuery(restaurantId, after)
    .limit(limit + 1)
    .lean<MenuItemRow[]>()
    .cursor({ batchSize: READ_AT_ONCE });
  for await (const row of rows as AsyncIterable<MenuItemRow>) {
    if (data.length === limit || weight > MAX_PAGE_CHARACTERS) return { data, hasMore: true };
    data.push(row);
    weight += JSON.stringify(row).length;
  }
  return { data, hasMore: false };
}

/** @throws AppError `not_found`, `forbidden`, `validation_failed` unless every item of the category is named once */
export async function orderItems(
  { restaurantId, categoryId, itemIds }: { restaurantId: string; categoryId: string; itemIds: string[] },
  actor: Actor,
): Promise<void> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  await editMenu(restaurantId, async (tx) => {
    await assertCategory(tx, { restaurantId, categoryId });
    const own = (await rankedItems(tx, restaurantId)).filter((item) => item.categoryId === categoryId);
    const moved = ranksOf(own, { ids: itemIds, path: 'itemIds' });
    const writes = moved.map(({ _id, rank }) => ({
      updateOne: { filter: { _id: _id as never }, update: { $set: { rank, updatedAt: now() }, $inc: { version: 1 } } },
    }));
    if (writes.length > 0) await MenuItemModel.collection.bulkWrite(writes, { session: tx });
  });
}

async function placeIn(tx: Tx, { itemId, ...place }: { restaurantId: string; categoryId: string; itemId: string }) {
  await assertCategory(tx, place);
  const items = await rankedItems(tx, place.restaurantId);
  const isThere = items.some(({ _id, categoryId }) => _id === itemId && categoryId === place.categoryId);
  return isThere ? {} : { categoryId: place.categoryId, rank: lastRank(items, place.categoryId) + 1 };
}

/** Another restaurant's is absent. */
async function assertCategory(tx: Tx, where: { restaurantId: string; categoryId: string }): Promise<void> {
  const { restaurantId, categoryId } = where;
  if ((await MenuCategoryModel.exists({ _id: categoryId, restaurantId }).session(tx)) === null) {
    throw new AppError('not_found');
  }
}

type RankedItem = Pick<MenuItemRow, '_id' | 'categoryId' | 'rank'>;

function rankedItems(tx: Tx, restaurantId: string): Promise<RankedItem[]> {
  return itemsQuery(restaurantId).select({ categoryId: 1, rank: 1 }).session(tx).lean<RankedItem[]>().exec();
}

function lastRank(items: readonly RankedItem[], categoryId: string): number {
  return items.reduce((last, item) => (item.categoryId === categoryId ? Math.max(last, item.rank) : last), -1);
}
