/** Fills the catalogue, builds its indexes, and explains the queries of its lists. */
import '../../../src/models.ts';
import { connectMongo, syncIndexes } from '../../../src/infra/mongo/index.ts';
import { keysDeliveringTo } from '../../../src/modules/restaurants/list-keys.ts';
import { nearPipeline, walkQuery } from '../../../src/modules/restaurants/listing/listing.queries.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { serve } from '../child.ts';
import { catalogueRow, townCount, townPoint } from './rows.ts';
import type { Share, Stats } from './fill-in.ts';

const BATCH = 5_000;
const PAGE = 21;
const EXPLAINED_TOWNS = 20;

/** Into a collection without indexes: each would be an insertion of its own for each of a row's forty keys. */
async function fill({ from, to, restaurants }: Share): Promise<void> {
  await connectMongo();
  for (let at = from; at < to; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, to - at) }, (_, index) => catalogueRow(at + index, restaurants));
    // Nothing here outlives the bench.
    const writeConcern = { w: 1, journal: false };
    await RestaurantModel.collection.insertMany(rows as never[], { ordered: false, writeConcern });
  }
}

/** Those of the restaurants side by side: one after the other they take one core. */
async function index(): Promise<void> {
  const { collection, schema } = RestaurantModel;
  await Promise.all(
    schema.indexes().map(([keys, options]) => collection.createIndex(keys as never, options as never, {})),
  );
  await syncIndexes({ replacesChanged: true });
}

async function explain({ restaurants }: { restaurants: number }): Promise<Record<'rating' | 'near', Stats>> {
  const sums = { rating: noStats(), near: noStats() };
  for (let town = 0; town < Math.min(EXPLAINED_TOWNS, townCount(restaurants)); town += 1) {
    const point = townPoint(town);
    const keys = keysDeliveringTo(point, []);
    const filter = { keys, cuisines: [], diets: [], tokens: [], minRating: null, mode: 'delivery' };
    add(sums.rating, await walkQuery('rating', filter, { after: null, limit: PAGE }).explain('executionStats'));
    const pipeline = nearPipeline({ ...filter, point, radiusMeters: 50_000 }, 0, PAGE + 1);
    add(sums.near, await RestaurantModel.collection.aggregate(pipeline).explain('executionStats'));
  }
  return sums;
}

function noStats(): Stats {
  return { nReturned: 0, totalDocsExamined: 0, totalKeysExamined: 0 };
}

function add(sum: Stats, explanation: unknown): void {
  const found = findStats(explanation);
  if (found === null) throw new Error('an explanation without figures');
  sum.nReturned += found.nReturned;
  sum.totalDocsExamined += found.totalDocsExamined;
  sum.totalKeysExamined += found.totalKeysExamined;
}

function findStats(node: unknown): Stats | null {
  if (typeof node !== 'object' || node === null) return null;
  if ('totalDocsExamined' in node) return node as Stats;
  for (const value of Object.values(node)) {
    const found = findStats(value);
    if (found !== null) return found;
  }
  return null;
}

serve({ fill, index, explain });
