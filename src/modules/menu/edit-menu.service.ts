import { AppError, isDuplicateKey, type FieldProblem } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import type { Money } from '../../shared/money.ts';
import type { StaffPermission } from '../../shared/permissions.ts';
import { getRestaurant, learnWordsAfter } from '../restaurants/index.ts';
import { assertWorksAt } from '../staff/index.ts';
import { MenuCategoryModel, type MenuCategoryRow } from './menu-category.model.ts';
import { itemDerivedFields } from './menu-item-derived.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';
import { menuBytes } from './menu-size.queries.ts';
import { MenuModel } from './menu.model.ts';

export const MAX_CATEGORIES = 100;
export const MAX_ITEMS = 1_000;
/** Of all dishes together: everybody who looks at the menu is sent all of it. A thousand of 3 kB each. */
const MAX_BYTES = 3_000_000;

/** A menu of a thousand dishes takes longer than an order. */
const DEADLINE_MS = 15_000;

/**
 * One edit of a menu after the other: each begins by raising the menu's revision, so that of two at once the second is run again on
 * what the first has left. Bounds, ranks, and whether a category is empty, need no other care; nor what a dish has of its restaurant
 * (currency, whether it is found), read in the transaction: a restaurant that changes them holds its menu too. What is sold out, and sold, is not an edit.
 */
export async function editMenu<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  await ensureMenu(restaurantId);
  try {
    return await withTransaction(
      async (tx) => {
        await holdMenu(tx, restaurantId);
        return work(tx);
      },
      { deadlineMs: DEADLINE_MS },
    );
  } catch (error) {
    throw asTakenNumber(error);
  }
}

/** An edit after which the menu may be larger. @throws AppError `menu_too_large` */
export async function growMenu<T>(restaurantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return editMenu(restaurantId, async (tx) => {
    const result = await work(tx);
    if ((await menuBytes(tx, restaurantId)) > MAX_BYTES) throw new AppError('menu_too_large');
    return result;
  });
}

/** A second dish of one number, in the words of the API; anything else as it is. */
function asTakenNumber(error: unknown): unknown {
  if (!isDuplicateKey(error, 'sku')) return error;
  const details = [{ path: 'sku', code: 'not_unique', message: 'Another dish has this number already.' }];
  return new AppError('already_exists', { details, cause: error });
}

/** For an edit that concerns a second menu, or the restaurant itself; `ensureMenu` comes before its transaction. */
export async function holdMenu(tx: Tx, restaurantId: string): Promise<void> {
  await MenuModel.collection.updateOne({ _id: restaurantId as never }, { $inc: { revision: 1 } }, { session: tx });
}

export async function ensureMenu(restaurantId: string): Promise<void> {
  try {
    const row = { $setOnInsert: { revision: 0 } };
    await MenuModel.collection.updateOne({ _id: restaurantId as never }, row, { upsert: true });
  } catch (error) {
    // Another first edit was faster.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** @throws AppError `not_found` also for who does not work there, `forbidden` */
export async function getItemAtWork(itemId: string, userId: string, permission: StaffPermission): Promise<MenuItemRow> {
  const row = await MenuItemModel.findById(itemId).lean<MenuItemRow>();
  if (row === null) throw new AppError('not_found');
  await assertWorksAt(row.restaurantId, userId, permission);
  return row;
}

/** @throws AppError `not_found` also for who does not work there, `forbidden` */
export async function getCategoryAtWork(categoryId: string, userId: string): Promise<MenuCategoryRow> {
  const row = await MenuCategoryModel.findById(categoryId).lean<MenuCategoryRow>();
  if (row === null) throw new AppError('not_found');
  await assertWorksAt(row.restaurantId, userId, 'menu.edit');
  return row;
}

type ItemChange = Partial<Omit<MenuItemRow, '_id' | 'version' | 'stock' | 'searchTokens' | 'updatedAt'>>;

/**
 * The one way to write to an item that exists, beside its stock: what it is found by follows, and the version grows. `change` gets
 * the row as it is and may throw.
 * @throws AppError `not_found`, `version_conflict` (with the current version)
 */
export async function changeMenuItem(
  tx: Tx,
  target: { itemId: string; expectedVersion?: number },
  change: (row: MenuItemRow) => ItemChange,
): Promise<MenuItemRow> {
  const row = await MenuItemModel.findById(target.itemId).session(tx).lean<MenuItemRow>();
  if (row === null) throw new AppError('not_found');
  assertVersion(row, target.expectedVersion);
  const fields = { ...change(row), updatedAt: now() };
  const isRenamed = fields.name !== undefined && fields.name !== row.name;
  const derived = isRenamed
    ? itemDerivedFields({ ...row, ...fields }, await getRestaurant(row.restaurantId, tx))
    : { searchTokens: row.searchTokens };
  // By _id alone: a sale meanwhile is a write conflict, and this is run again on what is left.
  await MenuItemModel.collection.updateOne(
    { _id: row._id as never },
    { $set: { ...fields, ...(isRenamed ? derived : {}) }, $inc: { version: 1 } },
    { session: tx },
  );
  const changed = { ...row, ...fields, ...derived, version: row.version + 1 };
  if (isRenamed) learnDishesAfter(tx, [changed]);
  return changed;
}

/** The words of dishes that are found; what a draft writes is nobody else's to read. */
export function learnDishesAfter(tx: Tx, dishes: readonly Pick<MenuItemRow, 'name' | 'searchTokens'>[]): void {
  const found = dishes.filter(({ searchTokens }) => searchTokens.length > 0);
  if (found.length > 0)
    learnWordsAfter(
      tx,
      found.map(({ name }) => name),
    );
}

/** @throws AppError `version_conflict` */
export function assertVersion({ version }: { version: number }, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  throw new AppError('version_conflict', { details: { currentVersion: version } });
}

/** @throws AppError `currency_mismatch`, naming every price that is not in the restaurant's currency */
export function assertCurrency(prices: readonly { path: string; price: Money }[], currency: string): void {
  const details = prices.flatMap(({ path, price }): FieldProblem[] => {
    if (price.currency === currency) return [];
    return [{ path, code: 'currency_mismatch', message: `The restaurant sells in ${currency}.` }];
  });
  if (details.length > 0) throw new AppError('currency_mismatch', { details });
}
