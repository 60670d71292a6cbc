import type { mongo } from 'mongoose';
import { RESTAURANT_INDEXES, RestaurantModel } from '../restaurant.model.ts';
import { LISTED_FIELDS, type ListedRow } from './listed-row.ts';

/** Live restaurants with these keys that were ordered from, the most popular first. */
export function popularQuery(keys: readonly string[], limit: number): mongo.FindCursor<Pick<ListedRow, '_id'>> {
  return rows()
    .find({ listKeys: { $in: keys }, popularity: { $gt: 0 } }, { projection: { _id: 1 } })
    .sort({ popularity: -1, _id: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byPopularity);
}

export function byIdsQuery(ids: readonly string[]): mongo.FindCursor<ListedRow> {
  return rows()
    .find({ _id: { $in: ids }, status: 'live' }, { projection: LISTED_FIELDS })
    .hint({ _id: 1 });
}

/** The cuisines of live restaurants with one of these keys, the most popular first. */
export function cuisineRowsQuery(
  keys: readonly string[],
  limit: number,
): mongo.FindCursor<Pick<ListedRow, '_id' | 'cuisines'>> {
  return rows()
    .find({ listKeys: { $in: keys } }, { projection: { cuisines: 1 } })
    .sort({ popularity: -1, _id: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byPopularity);
}

/** How many live restaurants have the key: counted in the index alone. */
export function countByKey(key: string): Promise<number> {
  return RestaurantModel.collection.countDocuments({ listKeys: key }, { hint: RESTAURANT_INDEXES.byPopularity });
}

function rows(): mongo.Collection<ListedRow> {
  return RestaurantModel.collection as unknown as mongo.Collection<ListedRow>;
}
