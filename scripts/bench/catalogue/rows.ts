import { derivedFields } from '../../../src/modules/restaurants/derived-fields.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../../src/shared/clock.ts';
import type { GeoPoint } from '../../../src/shared/geo.ts';

/** As dense whatever the number of restaurants: a bigger catalogue is more towns, not bigger ones. */
const PER_TOWN = 250;
const TOWNS_PER_ROW = 60;
const CUISINES = ['north-indian', 'pizza', 'thai', 'cafe', 'sushi', 'burgers', 'bakery', 'mexican'];

/** The middle of a town; every restaurant of it delivers there. */
export function townPoint(town: number): GeoPoint {
  return { lat: -30 + Math.floor(town / TOWNS_PER_ROW) * 0.4, lng: -120 + (town % TOWNS_PER_ROW) * 0.4 };
}

export function townCount(restaurants: number): number {
  return Math.max(1, Math.floor(restaurants / PER_TOWN));
}

// eslint-disable-next-line max-lines-per-function -- one row, field by field
export function catalogueRow(index: number, restaurants: number): RestaurantRow {
  const center = townPoint(index % townCount(restaurants));
  const _id = index.toString(16).padStart(24, '0');
  const row = {
    _id,
    name: `Pepper House ${index % 997}`,
    slug: `house-${index}`,
    ownerId: 'f'.repeat(24),
    brandId: null,
    description: 'Cooked when you order.',
    cuisines: [CUISINES[index % CUISINES.length] ?? ''],
    diets: [],
    phone: '+12015550100',
    addressLine: `${index} Customs House Road`,
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    location: {
      type: 'Point' as const,
      coordinates: [center.lng + spread(index, 13), center.lat + spread(index, 17)] as [number, number],
    },
    modes: ['delivery' as const],
    deliveryRadiusMeters: 4_000,
    deliveryAreas: [],
    minimumOrderMinor: 9_900,
    prepMinutes: 15 + (index % 20),
    busyExtraPrepMinutes: 15,
    feeBands: [
      { upToMeters: 2_000, feeMinor: 2_500 },
      { upToMeters: 6_000, feeMinor: 4_900 },
    ],
    freeDeliveryOverMinor: null,
    serviceFeeMinor: 0,
    taxRates: { food: 500 },
    pricesIncludeTax: false,
    hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '10:00', closes: '23:00' })),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    capacity: null,
    status: 'live' as const,
    submittedAt: null,
    liveAt: null,
    statusReason: null,
    rating: { average: (index % 41) / 10 + 1, count: 10, sum: 30 },
    popularity: (index * 7_919) % 1_000,
    imageId: null,
    picture: null,
    version: 0,
    createdAt: now(),
    updatedAt: now(),
  };
  return { ...row, ...derivedFields(row) };
}

/** Up to some 2.2 km from the middle. */
function spread(index: number, step: number): number {
  return (((index * step) % 200) - 100) / 5_000;
}
