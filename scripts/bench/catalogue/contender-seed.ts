/** Fills the catalogue, with its indexes, and explains the queries of its lists. */
import { bootstrap } from '../../../src/bootstrap.ts';
import { syncIndexes } from '../../../src/infra/mongo/index.ts';
import { keysDeliveringTo } from '../../../src/modules/restaurants/list-keys.ts';
import { nearPipeline, walkQuery } from '../../../src/modules/restaurants/listing/listing.queries.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { serve } from '../child.ts';
import { catalogueRow, townPoint } from './rows.ts';

const BATCH = 2_000;
const PAGE = 21;

interface Stats {
  nReturned: number;
  totalDocsExamined: number;
  totalKeysExamined: number;
}

let isReady: Promise<unknown> | undefined;

async function fill({ from, to }: { from: number; to: number }): Promise<void> {
  isReady ??= bootstrap().then(() => syncIndexes({ replacesChanged: true }));
  await isReady;
  await RestaurantModel.collection.deleteMany({});
  for (let at = from; at < to; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, to - at) }, (_, index) => catalogueRow(at + index, to));
    await RestaurantModel.collection.insertMany(rows as never[], { ordered: false, writeConcern: { w: 1 } });
  }
}

async function explain(): Promise<Record<'rating' | 'near', Stats>> {
  const point = townPoint(0);
  const filter = {
    keys: keysDeliveringTo(point, []),
    cuisines: [],
    diets: [],
    tokens: [],
    minRating: null,
    mode: 'delivery',
  };
  const rating = await walkQuery('rating', filter, { after: null, limit: PAGE }).explain('executionStats');
  const pipeline = nearPipeline({ ...filter, point, radiusMeters: 50_000 }, 0, PAGE + 1);
  const near = await RestaurantModel.collection.aggregate(pipeline).explain('executionStats');
  return { rating: statsOf(rating), near: statsOf(near) };
}

function statsOf(node: unknown): Stats {
  const found = findStats(node);
  if (found === null) throw new Error('an explanation without figures');
  return found;
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

serve({ fill, explain });
