import type { mongo } from 'mongoose';
import { catalogueRow } from '../catalogue/rows.ts';

const PAGE = 20;

/** One page of the list, in the size of bar.md: about 15 kB. */
export async function insertRestaurants(client: mongo.MongoClient): Promise<void> {
  const rows = Array.from({ length: PAGE }, (_, index) => ({
    ...catalogueRow(index, PAGE),
    name: `House number ${index} on the waterfront`,
  }));
  await client
    .db()
    .collection('restaurants')
    .insertMany(rows as unknown as mongo.Document[]);
}
