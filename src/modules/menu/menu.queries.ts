import { trusted } from 'mongoose';
import { MenuCategoryModel } from './menu-category.model.ts';
import { MenuItemModel } from './menu-item.model.ts';

const BY_RANK = { restaurantId: 1, rank: 1, _id: 1 } as const;

export function byIdsQuery(restaurantId: string, itemIds: readonly string[]) {
  return MenuItemModel.find({ _id: trusted({ $in: [...itemIds] }), restaurantId }).hint({ _id: 1 });
}

export function categoriesQuery(restaurantId: string) {
  return MenuCategoryModel.find({ restaurantId }).sort({ rank: 1, _id: 1 }).hint(BY_RANK);
}

/** Categories with hours of their own. */
export function servedCategoriesQuery(restaurantId: string) {
  const hasMealtimes = { 'mealtimes.0': trusted({ $exists: true }) };
  return MenuCategoryModel.find({ restaurantId, ...hasMealtimes }, { mealtimes: 1 }).hint(BY_RANK);
}

/** The same, of whichever restaurants. */
export function servedAmongQuery(categoryIds: readonly string[]) {
  const hasMealtimes = { 'mealtimes.0': trusted({ $exists: true }) };
  return MenuCategoryModel.find({ _id: trusted({ $in: [...categoryIds] }), ...hasMealtimes }, { mealtimes: 1 }).hint({
    _id: 1,
  });
}

export function itemsQuery(restaurantId: string) {
  return MenuItemModel.find({ restaurantId }).sort({ rank: 1, _id: 1 }).hint(BY_RANK);
}

/** The menu behind an item: keyset of rank and id. */
export function itemsAfterQuery(restaurantId: string, after: readonly [rank: number, id: string] | null) {
  const where = after === null ? {} : behind(...after);
  return MenuItemModel.find({ restaurantId, ...where })
    .sort({ rank: 1, _id: 1 })
    .hint(BY_RANK);
}

function behind(rank: number, id: string) {
  const isBehind = [{ rank: trusted({ $gt: rank }) }, { rank, _id: trusted({ $gt: id }) }];
  // The range, so that the scan begins there.
  return { rank: trusted({ $gte: rank }), $or: isBehind };
}
