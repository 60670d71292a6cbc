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

export function itemsQuery(restaurantId: string) {
  return MenuItemModel.find({ restaurantId }).sort({ rank: 1, _id: 1 }).hint(BY_RANK);
}
