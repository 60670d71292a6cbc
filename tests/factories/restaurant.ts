import {
  RestaurantModel,
  type DeliveryAreaRow,
  type RestaurantRow,
} from '../../src/modules/restaurants/restaurant.model.ts';
import { derivedFields } from '../../src/modules/restaurants/derived-fields.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** The point that restaurants are placed around: open sea. */
export const TOWN = { lat: 15.2, lng: 73.1 };
const METERS_PER_DEGREE = 111_195;

/** Live, open round the clock, in the middle of the town; what is derived follows from the rest. */
export function buildRestaurant(changes: Partial<RestaurantRow> = {}): RestaurantRow {
  const _id = changes._id ?? newId();
  const { name = 'Pepper House', cuisines = ['north-indian'] } = changes;
  const row = {
    _id,
    name,
    slug: `restaurant-${_id}`,
    ownerId: newId(),
    brandId: null,
    description: 'Cooked when you order.',
    cuisines,
    diets: [],
    phone: '+12015550100',
    addressLine: '7 Customs House Road',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    location: metersNorth(0),
    modes: ['delivery' as const],
    deliveryRadiusMeters: 3_000,
    deliveryAreas: [],
    minimumOrderMinor: 9_900,
    prepMinutes: 20,
    busyExtraPrepMinutes: 15,
    feeBands: [
      { upToMeters: 2_000, feeMinor: 2_500 },
      { upToMeters: 5_000, feeMinor: 4_900 },
    ],
    freeDeliveryOverMinor: null,
    serviceFeeMinor: 0,
    packagingFeeMinor: 0,
    smallOrderFee: null,
    commissionBasisPoints: 2_000,
    autoAccept: false,
    taxRates: { food: 500 },
    pricesIncludeTax: false,
    taxRegistration: null,
    hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    capacity: null,
    status: 'live' as const,
    submittedAt: null,
    liveAt: null,
    statusReason: null,
    rating: { average: 4.2, count: 10, sum: 42 },
    popularity: 0,
    imageId: null,
    picture: null,
    version: 0,
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
  return { ...row, ...derivedFields(row), ...changes };
}

export async function createRestaurant(changes: Partial<RestaurantRow> = {}): Promise<RestaurantRow> {
  const row = buildRestaurant(changes);
  await new RestaurantModel(row).save();
  return row;
}

/** The restaurant of an order: made unless it is there. */
export async function ensureRestaurant(_id: string, ownerId: string): Promise<RestaurantRow> {
  const { _id: _same, ...row } = buildRestaurant({ _id, ownerId });
  const where = { _id: _id as never };
  await RestaurantModel.collection.updateOne(where, { $setOnInsert: row }, { upsert: true });
  return (await RestaurantModel.collection.findOne(where)) as unknown as RestaurantRow;
}

/** For lists, where only the number matters. */
export async function createRestaurants(changes: readonly Partial<RestaurantRow>[]): Promise<RestaurantRow[]> {
  const rows = changes.map(buildRestaurant);
  await RestaurantModel.insertMany(rows);
  return rows;
}

/** A place so far north of the middle of the town. */
export function metersNorth(meters: number): RestaurantRow['location'] {
  return { type: 'Point', coordinates: [TOWN.lng, TOWN.lat + meters / METERS_PER_DEGREE] };
}

/** A square around the middle of the town. */
export function buildDeliveryArea({
  metersToEdge,
  ...changes
}: Partial<DeliveryAreaRow> & { metersToEdge: number }): DeliveryAreaRow {
  const north = metersToEdge / METERS_PER_DEGREE;
  const east = north / Math.cos((TOWN.lat * Math.PI) / 180);
  const corners = [
    [-east, -north],
    [east, -north],
    [east, north],
    [-east, north],
    [-east, -north],
  ];
  return {
    id: newId(),
    name: 'Town',
    polygon: {
      type: 'Polygon',
      coordinates: [corners.map(([x = 0, y = 0]): [number, number] => [TOWN.lng + x, TOWN.lat + y])],
    },
    feeBands: [{ upToMeters: 5_000, feeMinor: 2_500 }],
    minimumOrderMinor: 9_900,
    freeDeliveryOverMinor: null,
    ...changes,
  };
}
