import type { mongo } from 'mongoose';
import { RESTAURANT_INDEXES, RestaurantModel } from '../restaurant.model.ts';
import { LISTED_FIELDS, type ListedRow } from './listed-row.ts';

/** What ranks a restaurant in a search, and what tells whether it delivers to a point. */
export type FoundRow = Pick<
  ListedRow,
  '_id' | 'name' | 'cuisines' | 'popularity' | 'location' | 'modes' | 'deliveryRadiusMeters' | 'deliveryAreas'
>;

const FOUND_FIELDS = {
  _id: 1,
  name: 1,
  cuisines: 1,
  popularity: 1,
  location: 1,
  modes: 1,
  deliveryRadiusMeters: 1,
  deliveryAreas: 1,
} as const satisfies Record<keyof FoundRow, 1>;

interface Walk {
  keys: readonly string[];
  /** So many are read at most, however few of them match. */
  mostRead: number;
}

/** Those with one of the keys, the most popular first. */
export function walkPopularQuery({ keys, mostRead }: Walk): mongo.FindCursor<FoundRow> {
  return rows()
    .find({ listKeys: { $in: [...keys] } }, { projection: FOUND_FIELDS })
    .sort({ popularity: -1, _id: 1 })
    .limit(mostRead)
    .batchSize(200)
    .hint(RESTAURANT_INDEXES.byPopularity);
}

/** The same, and of what was read those that have each of the words. */
export function wordsQuery(
  { keys, mostRead }: Walk,
  words: readonly (readonly string[])[],
): mongo.AggregationCursor<FoundRow> {
  const stages = [
    { $match: { listKeys: { $in: [...keys] } } },
    { $sort: { popularity: -1, _id: 1 } },
    { $limit: mostRead },
    { $match: { $and: words.map((choice) => ({ searchTokens: { $in: [...choice] } })) } },
    { $project: FOUND_FIELDS },
  ];
  return rows().aggregate<FoundRow>(stages, { hint: RESTAURANT_INDEXES.byPopularity });
}

/** How many live restaurants have one of the keys, counted in the index alone; `limit`: that many or more. */
export function countByKeys(keys: readonly string[], limit: number): Promise<number> {
  const hint = RESTAURANT_INDEXES.byPopularity;
  return RestaurantModel.collection.countDocuments({ listKeys: { $in: [...keys] } }, { limit, hint });
}

/** The live ones among these. */
export function byIdsQuery(ids: readonly string[], fields: 'found'): mongo.FindCursor<FoundRow>;
export function byIdsQuery(ids: readonly string[], fields: 'listed'): mongo.FindCursor<ListedRow>;
export function byIdsQuery(ids: readonly string[], fields: 'found' | 'listed'): mongo.FindCursor<ListedRow> {
  return rows()
    .find({ _id: { $in: ids }, status: 'live' }, { projection: fields === 'found' ? FOUND_FIELDS : LISTED_FIELDS })
    .hint({ _id: 1 });
}

function rows(): mongo.Collection<ListedRow & { listKeys: string[]; searchTokens: string[] }> {
  return RestaurantModel.collection as unknown as mongo.Collection<
    ListedRow & { listKeys: string[]; searchTokens: string[] }
  >;
}
