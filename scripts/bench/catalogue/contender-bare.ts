/** The same query, the same cards and the same bytes on `node:http`: by the raw driver, or by hydrated Mongoose documents. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootstrap } from '../../../src/bootstrap.ts';
import { keysDeliveringTo } from '../../../src/modules/restaurants/list-keys.ts';
import { LISTED_FIELDS, type ListedRow } from '../../../src/modules/restaurants/listing/listed-row.ts';
import { toRestaurantCard } from '../../../src/modules/restaurants/listing/listing.presenter.ts';
import { toListed } from '../../../src/modules/restaurants/listing/to-listed.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../../src/shared/clock.ts';
import type { GeoPoint } from '../../../src/shared/geo.ts';
import { trusted } from 'mongoose';
import { serve } from '../child.ts';

const LIMIT = 20;
const SORT = { 'rating.average': -1, _id: 1 } as const;
const INDEX = 'listKeys_rating_id';

async function readRaw(keys: string[]): Promise<ListedRow[]> {
  const query = { listKeys: { $in: keys }, modes: 'delivery' };
  const cursor = RestaurantModel.collection.find(query, { projection: LISTED_FIELDS });
  return (await cursor
    .sort(SORT)
    .limit(LIMIT + 1)
    .hint(INDEX)
    .toArray()) as unknown as ListedRow[];
}

async function readHydrated(keys: string[]): Promise<ListedRow[]> {
  const query = { listKeys: trusted({ $in: keys }), modes: 'delivery' as const };
  const documents = await RestaurantModel.find(query, LISTED_FIELDS)
    .sort(SORT)
    .limit(LIMIT + 1)
    .hint(INDEX);
  return documents.map((document) => document.toObject<ListedRow>());
}

async function bodyOf(point: GeoPoint, read: typeof readRaw): Promise<string> {
  const at = now();
  const rows = await read(keysDeliveringTo(point, []));
  const data = rows.slice(0, LIMIT).map((row) => toRestaurantCard(toListed(row, { at, point, mode: 'delivery' })));
  return JSON.stringify({ data });
}

async function open({ isHydrated }: { isHydrated: boolean }): Promise<string> {
  await bootstrap();
  const read = isHydrated ? readHydrated : readRaw;
  const server = createServer((req, res) => {
    const { searchParams } = new URL(req.url ?? '/', 'http://bare');
    const point = { lat: Number(searchParams.get('lat')), lng: Number(searchParams.get('lng')) };
    void bodyOf(point, read).then((body) => {
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      res.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

serve({ open, cpu: () => Promise.resolve(process.cpuUsage()) });
