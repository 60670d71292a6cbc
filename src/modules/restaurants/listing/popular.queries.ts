import type { mongo } from 'mongoose';
import { findUsed } from '../../../infra/mongo/index.ts';
import { wordKey } from '../list-keys.ts';
import { RESTAURANT_INDEXES, RestaurantModel } from '../restaurant.model.ts';
import type { ListedRow } from './listed-row.ts';

/** Live restaurants with these keys that were ordered from, the most popular first. */
export function popularQuery(keys: readonly string[], limit: number): mongo.FindCursor<Pick<ListedRow, '_id'>> {
  return rows()
    .find({ listKeys: { $in: keys }, popularity: { $gt: 0 } }, { projection: { _id: 1 } })
    .sort({ popularity: -1, _id: 1 })
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byPopularity);
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

/** The name and cuisines of every live restaurant, in an order that no order changes. */
export async function* eachLiveName(): AsyncGenerator<string> {
  const everybody = rows()
    .find({ status: 'live' }, { projection: { name: 1, cuisines: 1 } })
    .hint(RESTAURANT_INDEXES.byStatus);
  for await (const { name, cuisines } of everybody) yield [name, ...cuisines].join(' ');
}

/** The words among these that a live restaurant has in its name or cuisines. */
export async function findWordsOfLive(words: readonly string[]): Promise<string[]> {
  const { collectionName: collection } = RestaurantModel.collection;
  const used = await findUsed({ collection, field: 'listKeys' }, words.map(wordKey));
  return words.filter((word) => used.has(wordKey(word)));
}

function rows(): mongo.Collection<ListedRow> {
  return RestaurantModel.collection as unknown as mongo.Collection<ListedRow>;
}
