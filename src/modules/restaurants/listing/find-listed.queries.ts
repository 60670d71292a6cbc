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

export function wordsQuery(
  keys: readonly string[],
  words: readonly (readonly string[])[],
  limit: number,
): mongo.FindCursor<FoundRow> {
  const choices = words.map((choice) => ({ searchTokens: { $in: [...choice] } }));
  return rows()
    .find({ listKeys: { $in: keys }, $and: choices }, { projection: FOUND_FIELDS })
    .sort({ popularity: -1, _id: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byPopularity);
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
