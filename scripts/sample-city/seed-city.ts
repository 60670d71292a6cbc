import mongoose, { type mongo } from 'mongoose';
import { config } from '../../src/config/index.ts';
import { BrandModel } from '../../src/modules/console/brands/brand.model.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { MenuCategoryModel } from '../../src/modules/menu/menu-category.model.ts';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { rebuildSearchWords } from '../../src/modules/menu/search/rebuild-words.service.ts';
import { CouponModel } from '../../src/modules/promotions/coupon.model.ts';
import { derivedFields } from '../../src/modules/restaurants/derived-fields.ts';
import { RestaurantModel, type RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { ZoneModel } from '../../src/modules/restaurants/zone.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { DEFAULT_SEED, generateCity, type Profile } from './generate-city.ts';
import { tileBaseOf } from './pictures.ts';
import { putRows, withMissingFields, type Row, type SeedProgress } from './put-rows.ts';
import type { City } from './types.ts';

/** Raised when the generated rows change, so that a kept demo database gets the new ones. */
const CITY_VERSION = 8;

export interface SeedResult {
  /** False: the data was there already. */
  isNew: boolean;
  /** Rows written by this call. */
  written: number;
}

export interface SeedOptions {
  profile: Profile;
  seed?: string;
  now?: Date;
  onProgress?: (progress: SeedProgress) => void;
}

interface Marker {
  _id: string;
  version: number;
  /** Where the pictures of the rows point. */
  tileBase: string | null;
  seededAt: Date;
}

/**
 * Writes the sample city through the default connection of Mongoose. A second call finds its mark and does nothing; one that
 * was interrupted, or a bigger profile, writes only what is missing. In a database of an older city, or of another local cloud,
 * rows that nobody has edited are made anew, and the others get the fields they lack.
 * @throws Error in production: everybody in the city has a published password
 */
export async function seedCity(options: SeedOptions): Promise<SeedResult> {
  refuseProduction();
  const { profile, seed = DEFAULT_SEED } = options;
  const tileBase = tileBaseOf(config.images);
  const marks = await markers()
    .find({ _id: { $in: PROFILE_ORDER.map((one) => markerId(one, seed)) } })
    .toArray();
  const current = marks.filter((mark) => mark.version === CITY_VERSION && (mark.tileBase ?? null) === tileBase);
  if (current.some(({ _id }) => standsFor(profile).some((one) => _id === markerId(one, seed)))) {
    return { isNew: false, written: 0 };
  }
  const city = generateCity({ seed, profile, now: options.now ?? now(), tileBase });
  const written = await write(city, { isOutdated: current.length < marks.length, onProgress: options.onProgress });
  // The rows came past the services that teach the search its words.
  await rebuildSearchWords();
  const mark = { version: CITY_VERSION, tileBase, seededAt: now() };
  await markers().updateOne({ _id: markerId(profile, seed) }, { $set: mark }, { upsert: true });
  return { isNew: true, written };
}

/** @throws Error in production: everybody in the city has a published password */
export function refuseProduction(): void {
  if (config.isProduction) throw new Error('The sample city has published passwords and is refused in production.');
}

interface Writing {
  isOutdated: boolean;
  onProgress: SeedOptions['onProgress'];
}

async function write(city: City, { isOutdated, onProgress }: Writing): Promise<number> {
  const put = (model: { collection: object }, rows: readonly Row[], renew: (stored: Row, row: Row) => Row) =>
    putRows(model, { rows, onProgress, ...(isOutdated ? { renew } : {}) });
  return (
    (await put(UserModel, city.users, withMissingFields)) +
    (await put(ZoneModel, city.zones, withMissingFields)) +
    (await put(BrandModel, city.brands, renewedUnlessEdited)) +
    (await put(RestaurantModel, city.restaurants, renewedRestaurant)) +
    (await put(MenuCategoryModel, city.menuCategories, renewedUnlessEdited)) +
    (await put(MenuItemModel, city.menuItems, renewedUnlessEdited)) +
    (await put(CourierModel, city.couriers, withMissingFields)) +
    // What they have cost stays as it is.
    (await put(CouponModel, city.coupons, withMissingFields))
  );
}

function renewedRestaurant(stored: Row, row: Row): Row {
  const { rating, popularity } = stored as RestaurantRow;
  const whole = { ...renewedUnlessEdited(stored, row), rating, popularity } as RestaurantRow;
  return { ...whole, ...derivedFields(whole) };
}

/** Whoever edits a restaurant or a menu raises its version. */
function renewedUnlessEdited(stored: Row & { version?: number }, row: Row): Row {
  return (stored.version ?? 0) === 0 ? row : withMissingFields(stored, row);
}

/** From small to large: the larger one holds the smaller. */
const PROFILE_ORDER: readonly Profile[] = ['tiny', 'demo', 'load'];

/** `load` has the rows of `demo`. */
function standsFor(profile: Profile): readonly Profile[] {
  return profile === 'tiny' ? PROFILE_ORDER : ['demo', 'load'];
}

function markerId(profile: Profile, seed: string): string {
  return `${seed}/${profile}`;
}

function markers(): mongo.Collection<Marker> {
  return mongoose.connection.collection<Marker>('sample_city');
}
