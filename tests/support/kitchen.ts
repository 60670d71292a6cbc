import { MenuItemModel, type MenuItemRow } from '../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel, type RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { newId } from '../../src/shared/ids.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** About a kilometer by road from the kitchen. */
export const NEAR_HOME = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  location: { lat: 12.9352, lng: 74.8211 },
};

export interface Kitchen {
  restaurantId: string;
  ownerId: string;
  /** 249.00, with a required size (small 0, large 60.00) and an optional egg (15.00). */
  biryani: { id: string; small: string; large: string; egg: string };
  /** 60.50, no options, taxed as a beverage. */
  lassi: { id: string };
}

/** A live restaurant that never closes, with two items. */
export async function createKitchen(changes: Partial<RestaurantRow> = {}): Promise<Kitchen> {
  const restaurantId = newId();
  const ownerId = newId();
  await RestaurantModel.create({
    _id: restaurantId,
    name: 'Biryani Wharf',
    slug: `biryani-wharf-${restaurantId}`,
    ownerId,
    cuisines: ['biryani'],
    phone: '+910000000001',
    addressLine: '3 Wharf Lane',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    location: toGeoJson({ lat: 12.9405, lng: 74.8162 }),
    deliveryRadiusMeters: 8_000,
    minimumOrderMinor: 14_900,
    prepMinutes: 20,
    feeBands: [
      { upToMeters: 2_000, feeMinor: 2_500 },
      { upToMeters: 8_000, feeMinor: 4_900 },
    ],
    serviceFeeMinor: 900,
    taxRates: { food: 500, beverage: 1_200, delivery: 1_800 },
    pricesIncludeTax: false,
    hours: WEEKDAYS.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
    status: 'live',
    searchTokens: ['biryani'],
    ...changes,
  });
  const small = { _id: newId(), name: 'Small', priceMinor: 0 };
  const large = { _id: newId(), name: 'Large', priceMinor: 6_000 };
  const egg = { _id: newId(), name: 'Egg', priceMinor: 1_500 };
  const biryaniId = await createItem(restaurantId, {
    name: 'Vegetable biryani',
    priceMinor: 24_900,
    optionGroups: [
      { _id: newId(), name: 'Size', minSelect: 1, maxSelect: 1, options: [small, large] },
      { _id: newId(), name: 'Extra', minSelect: 0, maxSelect: 1, options: [egg] },
    ] as MenuItemRow['optionGroups'],
  });
  const lassiId = await createItem(restaurantId, { name: 'Lassi', priceMinor: 6_050, taxCategory: 'beverage' });
  return {
    restaurantId,
    ownerId,
    biryani: { id: biryaniId, small: small._id, large: large._id, egg: egg._id },
    lassi: { id: lassiId },
  };
}

async function createItem(restaurantId: string, changes: Partial<MenuItemRow>): Promise<string> {
  const _id = newId();
  const defaults = { categoryId: newId(), rank: 1, currency: 'INR', taxCategory: 'food' };
  await MenuItemModel.create({ _id, restaurantId, ...defaults, ...changes });
  return _id;
}
