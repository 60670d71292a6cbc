import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import { derivedFields } from './derived-fields.ts';
import {
  COMMISSION_BASIS_POINTS,
  RESTAURANT_INDEXES,
  RestaurantModel,
  type RestaurantRow,
} from './restaurant.model.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from './restaurant-snapshot.ts';

type Known = 'name' | 'slug' | 'ownerId' | 'cuisines' | 'phone' | 'addressLine' | 'timeZone' | 'currency';
type Optional =
  | 'brandId'
  | 'description'
  | 'diets'
  | 'modes'
  | 'minimumOrderMinor'
  | 'prepMinutes'
  | 'busyExtraPrepMinutes'
  | 'serviceFeeMinor'
  | 'packagingFeeMinor'
  | 'smallOrderFee'
  | 'autoAccept'
  | 'taxRates'
  | 'pricesIncludeTax'
  | 'taxRegistration';

/** What a draft begins with. */
export type NewRestaurant = Pick<RestaurantRow, Known> & { location: GeoPoint } & {
  [K in Optional]?: RestaurantRow[K] | undefined;
};

type Given = Pick<RestaurantRow, Known> & Partial<Pick<RestaurantRow, Optional>>;

/** Delivers nowhere and is never open until it says where and when: the rest must be filled in before it can be submitted. */
const EMPTY = {
  ...{ brandId: null, description: '', diets: [], modes: ['delivery'] as RestaurantRow['modes'] },
  ...{
    deliveryRadiusMeters: 3_000,
    deliveryAreas: [],
    minimumOrderMinor: 0,
    prepMinutes: 20,
    busyExtraPrepMinutes: 15,
  },
  ...{ feeBands: [], freeDeliveryOverMinor: null, serviceFeeMinor: 0, taxRates: {}, pricesIncludeTax: true },
  taxRegistration: null,
  ...{ packagingFeeMinor: 0, smallOrderFee: null, commissionBasisPoints: COMMISSION_BASIS_POINTS, autoAccept: false },
  ...{ hours: [], exceptions: [], pausedUntil: null, busyUntil: null, capacity: null },
  ...{ status: 'draft' as const, submittedAt: null, liveAt: null, statusReason: null },
  ...{ rating: { average: 0, count: 0, sum: 0 }, popularity: 0, imageId: null, picture: null, version: 0 },
};

/**
 * A draft.
 * @throws the duplicate-key error of `slug`, or of `name` where its owner has a draft of that name at that address already
 */
export async function insertRestaurant(tx: Tx, { location, ...known }: NewRestaurant): Promise<RestaurantSnapshot> {
  const at = now();
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Given;
  const bare = { ...EMPTY, ...given, _id: newId(), location: toGeoJson(location), createdAt: at, updatedAt: at };
  const row: RestaurantRow = { ...bare, ...derivedFields(bare) };
  await RestaurantModel.collection.insertOne(row as never, { session: tx });
  return toRestaurantSnapshot(row);
}

/** How many restaurants somebody prepares, or has handed in. */
export function countPrepared(tx: Tx, ownerId: string): Promise<number> {
  return RestaurantModel.countDocuments({ ownerId, status: trusted({ $in: ['draft', 'in_review'] }) })
    .hint(RESTAURANT_INDEXES.prepared)
    .session(tx)
    .exec();
}
