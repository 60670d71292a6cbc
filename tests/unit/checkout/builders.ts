import type { OrderableLine } from '../../../src/modules/checkout/can-order.ts';
import type { MenuItem } from '../../../src/modules/menu/index.ts';
import type { RestaurantSnapshot } from '../../../src/modules/restaurants/index.ts';
import { idFrom } from '../../../src/shared/ids.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Never closes, near the addresses of the tests. */
export function buildOpenRestaurant(changes: Partial<RestaurantSnapshot> = {}): RestaurantSnapshot {
  return {
    id: idFrom('restaurant', 1),
    name: 'Biryani Wharf',
    slug: 'biryani-wharf',
    ownerId: idFrom('owner', 1),
    description: '',
    cuisines: ['biryani'],
    diets: [],
    phone: '+910000000001',
    addressLine: '3 Wharf Lane',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    location: { lat: 12.9405, lng: 74.8162 },
    deliveryRadiusMeters: 8_000,
    minimumOrderMinor: 14_900,
    prepMinutes: 20,
    busyExtraPrepMinutes: 15,
    feeTable: { bands: [{ upToMeters: 5_000, feeMinor: 2_500 }], freeDeliveryOverMinor: null },
    serviceFeeMinor: 900,
    packagingFeeMinor: 0,
    smallOrderFee: null,
    commissionBasisPoints: 2_000,
    autoAccept: false,
    taxRates: { food: 500 },
    pricesIncludeTax: false,
    taxRegistration: null,
    hours: WEEKDAYS.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    status: 'live',
    rating: { average: 0, count: 0, sum: 0 },
    brandId: null,
    modes: ['delivery'],
    deliveryAreas: [],
    capacity: null,
    popularity: 0,
    imageId: null,
    picture: null,
    submittedAt: null,
    liveAt: null,
    statusReason: null,
    version: 0,
    ...changes,
  };
}

export const sizeGroup: MenuItem['optionGroups'][number] = {
  id: idFrom('group', 1),
  name: 'Size',
  minSelect: 0,
  maxSelect: 1,
  options: [{ id: idFrom('option', 1), name: 'Large', priceMinor: 6_000, isAvailable: true, soldOutUntil: null }],
};

export function buildMenuItem(changes: Partial<MenuItem> = {}): MenuItem {
  return {
    id: idFrom('item', 1),
    restaurantId: idFrom('restaurant', 1),
    categoryId: idFrom('category', 1),
    name: 'Biryani',
    description: '',
    rank: 1,
    priceMinor: 24_900,
    currency: 'INR',
    taxCategory: 'food',
    allergens: [],
    diets: [],
    isAvailable: true,
    soldOutUntil: null,
    reason: null,
    nextAvailableAt: null,
    stock: null,
    mealtimes: [],
    imageId: null,
    picture: null,
    clipUrl: null,
    sizes: [],
    optionGroups: [sizeGroup],
    ...changes,
  };
}

/** One large biryani. */
export function buildPricedLine(changes: Partial<OrderableLine> = {}): OrderableLine {
  const item = buildMenuItem();
  const options = item.optionGroups.flatMap((group) => group.options);
  return {
    ...{ id: idFrom('line', 1), itemId: item.id, quantity: 1, optionIds: options.map(({ id }) => id) },
    ...{ item, size: null, options, unitPriceMinor: 30_900, lineTotalMinor: 30_900, problems: [] },
    ...changes,
  };
}
