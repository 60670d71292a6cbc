import type { mongo } from 'mongoose';
import { derivedFields } from '../../../src/modules/restaurants/derived-fields.ts';
import { buildRestaurant } from '../../../tests/factories/restaurant.ts';

/** A page of the list, in the size of bar.md: about 15 kB. */
export async function insertRestaurants(client: mongo.MongoClient): Promise<void> {
  const rows = Array.from({ length: 20 }, (_, index) => {
    const row = buildRestaurant({ name: `House number ${index} on the waterfront`, slug: `house-${index}` });
    return { ...row, ...derivedFields(row) };
  });
  await client
    .db()
    .collection('restaurants')
    .insertMany(rows as unknown as mongo.Document[]);
}
