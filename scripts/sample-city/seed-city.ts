import mongoose, { type mongo } from 'mongoose';
import { config } from '../../src/config/index.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { MenuCategoryModel } from '../../src/modules/menu/menu-category.model.ts';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { ZoneModel } from '../../src/modules/restaurants/zone.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { DEFAULT_SEED, generateCity, type Profile } from './generate-city.ts';

/** Raised when the generated rows change, so that a kept demo database gets the new ones. */
const CITY_VERSION = 3;
const BATCH_SIZE = 1_000;

export interface SeedProgress {
  collection: string;
  done: number;
  total: number;
}

export interface SeedResult {
  /** False: the data was there already. */
  isNew: boolean;
  /** Rows written by this call. */
  written: number;
}

interface Marker {
  _id: string;
  version: number;
  seededAt: Date;
}

/**
 * Writes the sample city through the default connection of Mongoose. A second call finds its mark and does nothing; one that
 * was interrupted, or a bigger profile, writes only what is missing.
 * @throws Error in production: everybody in the city has a published password
 */
export async function seedCity(options: {
  profile: Profile;
  seed?: string;
  now?: Date;
  onProgress?: (progress: SeedProgress) => void;
}): Promise<SeedResult> {
  refuseProduction();
  const { profile, seed = DEFAULT_SEED, onProgress } = options;
  if (await isSeeded(profile, seed)) return { isNew: false, written: 0 };
  const city = generateCity({ seed, profile, now: options.now ?? now() });
  const written =
    (await insertMissing(UserModel, city.users, onProgress)) +
    (await insertMissing(ZoneModel, city.zones, onProgress)) +
    (await insertMissing(RestaurantModel, city.restaurants, onProgress)) +
    (await insertMissing(MenuCategoryModel, city.menuCategories, onProgress)) +
    (await insertMissing(MenuItemModel, city.menuItems, onProgress)) +
    (await insertMissing(CourierModel, city.couriers, onProgress));
  await markSeeded(profile, seed);
  return { isNew: true, written };
}

/** @throws Error in production: everybody in the city has a published password */
export function refuseProduction(): void {
  if (config.isProduction) throw new Error('The sample city has published passwords and is refused in production.');
}

/** `tiny` is the beginning of `demo`, so the bigger one stands for both. */
async function isSeeded(profile: Profile, seed: string): Promise<boolean> {
  const profiles: Profile[] = profile === 'tiny' ? ['tiny', 'demo'] : ['demo'];
  const ids = profiles.map((one) => markerId(one, seed));
  return (await markers().findOne({ _id: { $in: ids }, version: CITY_VERSION })) !== null;
}

async function markSeeded(profile: Profile, seed: string): Promise<void> {
  const fields = { version: CITY_VERSION, seededAt: now() };
  await markers().updateOne({ _id: markerId(profile, seed) }, { $set: fields }, { upsert: true });
}

function markerId(profile: Profile, seed: string): string {
  return `${seed}/${profile}`;
}

function markers(): mongo.Collection<Marker> {
  return mongoose.connection.collection<Marker>('sample_city');
}

async function insertMissing(
  model: { collection: object },
  rows: readonly { _id: string }[],
  onProgress: ((progress: SeedProgress) => void) | undefined,
): Promise<number> {
  const collection = model.collection as mongo.Collection<{ _id: string }>;
  let written = 0;
  for (let start = 0; start < rows.length; start += BATCH_SIZE) {
    const batch = rows.slice(start, start + BATCH_SIZE);
    const filter = { _id: { $in: batch.map(({ _id }) => _id) } };
    const known = new Set((await collection.find(filter, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
    const missing = batch.filter(({ _id }) => !known.has(_id));
    if (missing.length > 0) await collection.insertMany(missing, { ordered: false });
    written += missing.length;
    onProgress?.({ collection: collection.collectionName, done: start + batch.length, total: rows.length });
  }
  return written;
}
