import { generateCouriers } from './couriers.ts';
import { generateMenu } from './menus.ts';
import { generateCustomers, generateOwners, generateStaff } from './people.ts';
import { generateRestaurants } from './restaurants.ts';
import type { City, CityInput } from './types.ts';
import { generateZones } from './zones.ts';

export const PROFILES = {
  tiny: { restaurants: 8, couriers: 10, customers: 20 },
  demo: { restaurants: 120, couriers: 180, customers: 2_000 },
} as const;

export type Profile = keyof typeof PROFILES;

export const DEFAULT_SEED = 'saffron-bay';

/**
 * The sample city of domain.md section 6 as plain rows. The same seed gives the same ids and content, and `tiny` is the
 * beginning of `demo`; only dates follow `now`.
 */
export function generateCity({
  seed = DEFAULT_SEED,
  profile,
  now,
}: {
  seed?: string;
  profile: Profile;
  now: Date;
}): City {
  const city: CityInput = { seed, now };
  const counts = PROFILES[profile];
  const restaurants = generateRestaurants(city, counts.restaurants);
  const menus = restaurants.map((restaurant, index) => generateMenu(city, restaurant, index));
  const fleet = generateCouriers(city, counts.couriers);
  const ownerIds = restaurants.map(({ ownerId }) => ownerId);
  return {
    users: [
      ...generateStaff(city),
      ...generateOwners(city, ownerIds, counts.restaurants),
      ...fleet.users,
      ...generateCustomers(city, counts.customers),
    ],
    zones: generateZones(city),
    restaurants,
    menuCategories: menus.flatMap(({ categories }) => categories),
    menuItems: menus.flatMap(({ items }) => items),
    couriers: fleet.couriers,
  };
}
