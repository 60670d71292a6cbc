/** Fills the catalogue, builds its indexes, and explains the queries of its lists. */
import '../../../src/models.ts';
import { mongo } from 'mongoose';
import { config } from '../../../src/config/index.ts';
import { connectMongo, syncIndexes } from '../../../src/infra/mongo/index.ts';
import { keysDeliveringTo } from '../../../src/modules/restaurants/list-keys.ts';
import {
  FIRST_RING_METERS,
  nearPipeline,
  walkQuery,
} from '../../../src/modules/restaurants/listing/listing.queries.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { serve } from '../child.ts';
import { catalogueRow, townCount, townPoint } from './rows.ts';
import type { Share, Stats } from './fill-in.ts';

const BATCH = 5_000;
const PAGE = 21;
const EXPLAINED_TOWNS = 20;

type Explained = Omit<Stats, 'rows'> & { nReturned: number };

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

/** Those of the restaurants side by side, one after the other they take one core; on a connection that waits longer than ours do. */
async function index(): Promise<void> {
  const patient = await mongo.MongoClient.connect(config.mongo.uri);
  const restaurants = patient.db().collection(RestaurantModel.collection.name);
  const indexes = RestaurantModel.schema.indexes();
  await Promise.all(indexes.map(([keys, options]) => restaurants.createIndex(keys as never, options as never, {})));
  await patient.close();
  await syncIndexes({ replacesChanged: true });
}

/** Of first pages; `$geoNear` says how many rows it found, the page how many of them it takes. */
async function explain({ restaurants }: { restaurants: number }): Promise<Record<'rating' | 'near', Stats>> {
  const sums = { rating: noStats(), near: noStats() };
  for (let town = 0; town < Math.min(EXPLAINED_TOWNS, townCount(restaurants)); town += 1) {
    const point = townPoint(town);
    const keys = keysDeliveringTo(point, []);
    const filter = { keys, cuisines: [], diets: [], tokens: [], minRating: null, mode: 'delivery' };
    const walk = walkQuery('rating', filter, { after: null, limit: PAGE });
    add(sums.rating, await walk.explain('executionStats'), PAGE);
    const pipeline = nearPipeline({ ...filter, point, radiusMeters: FIRST_RING_METERS }, 0, PAGE + 1);
    const near = RestaurantModel.collection.aggregate(pipeline);
    add(sums.near, await near.explain('executionStats'), PAGE + 1);
  }
  return sums;
}

function noStats(): Stats {
  return { rows: 0, totalDocsExamined: 0, totalKeysExamined: 0 };
}

function add(sum: Stats, explanation: unknown, rows: number): void {
  const found = findStats(explanation);
  if (found === null || found.nReturned < rows) throw new Error('an explanation without figures, or of no whole page');
  sum.rows += rows;
  sum.totalDocsExamined += found.totalDocsExamined;
  sum.totalKeysExamined += found.totalKeysExamined;
}

function findStats(node: unknown): Explained | null {
  if (typeof node !== 'object' || node === null) return null;
  if ('totalDocsExamined' in node) return node as Explained;
  for (const value of Object.values(node)) {
    const found = findStats(value);
    if (found !== null) return found;
  }
  return null;
}

serve({ fill, index, explain });
