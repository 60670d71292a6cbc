import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { buildOption, buildOptionGroup, createMenuItem } from '../factories/menu-item.ts';
import { createRestaurant } from '../factories/restaurant.ts';

/** 1,071 meters by road from the kitchen. */
export const NEAR_HOME = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  location: { lat: 12.9352, lng: 74.8211 },
};

/** Beyond every delivery radius. */
export const FAR_AWAY = { ...NEAR_HOME, location: { lat: 13.9, lng: 74.8211 } };

export interface Kitchen {
  restaurantId: string;
  ownerId: string;
  /** 249.00, with a required size (small 0, large 60.00) and an optional egg (15.00). */
  biryani: { id: string; small: string; large: string; egg: string };
  /** 60.50, no options, taxed as a beverage. */
  lassi: { id: string };
}

/** A live restaurant that never closes, with two items; minimum 149.00, service fee 9.00, delivery 25.00, tax on top. */
export async function createKitchen(changes: Partial<RestaurantRow> = {}): Promise<Kitchen> {
  const restaurant = await createRestaurant({
    name: 'Biryani Wharf',
    location: toGeoJson({ lat: 12.9405, lng: 74.8162 }),
    minimumOrderMinor: 14_900,
    serviceFeeMinor: 900,
    taxRates: { food: 500, beverage: 1_200, delivery: 1_800 },
    ...changes,
  });
  const [small, large, egg] = [
    buildOption({ name: 'Small' }),
    buildOption({ name: 'Large', priceMinor: 6_000 }),
    buildOption({ name: 'Egg', priceMinor: 1_500 }),
  ];
  const size = buildOptionGroup({ name: 'Size', options: [small, large] });
  const extra = buildOptionGroup({ name: 'Extra', minSelect: 0, options: [egg] });
  const { _id: restaurantId, ownerId } = restaurant;
  const biryani = await createMenuItem({ restaurantId, priceMinor: 24_900, optionGroups: [size, extra] });
  const lassi = await createMenuItem({ restaurantId, name: 'Lassi', priceMinor: 6_050, taxCategory: 'beverage' });
  return {
    restaurantId,
    ownerId,
    biryani: { id: biryani._id, small: small._id, large: large._id, egg: egg._id },
    lassi: { id: lassi._id },
  };
}
