import { generateBrands } from './brands.ts';
import { generateCoupons } from './coupons.ts';
import { generateCouriers } from './couriers.ts';
import { cutMenus, generateMenu } from './menus.ts';
import { cutAddresses, generateCustomers, generateOwners, generateStaff } from './people.ts';
import { generatePortPeople } from './port-clement/people.ts';
import { generatePortRestaurants } from './port-clement/restaurants.ts';
import { generateRestaurants } from './restaurants.ts';
import type { City, CityInput } from './types.ts';
import { generateZones } from './zones.ts';

/** Counts of Saffron Bay. */
const WHOLE_CITY = { restaurants: 120, couriers: 180, customers: 2_000 };
export const PROFILES = {
  tiny: { restaurants: 8, couriers: 10, customers: 20 },
  demo: WHOLE_CITY,
  load: WHOLE_CITY,
} as const;

export type Profile = keyof typeof PROFILES;

export const DEFAULT_SEED = 'saffron-bay';

interface CityRequest {
  seed?: string;
  profile: Profile;
  now: Date;
  tileBase?: string | null;
}

/** Of Saffron Bay in the whole; Port Clement comes on top. */
const WHOLE = { items: 2_900, optionGroups: 850, addresses: 3_400 };

/**
 * The sample city of domain.md section 6 as plain rows. The same seed gives the same ids and content, and `tiny` is the
 * beginning of `demo`; only dates follow `now`. `load` is the city of `demo`, with a longer history.
 */
export function generateCity({ seed = DEFAULT_SEED, profile, now, tileBase = null }: CityRequest): City {
  const city: CityInput = { seed, now, tileBase };
  const counts = PROFILES[profile];
  const isWhole = profile !== 'tiny';
  const restaurants = generateRestaurants(city, counts.restaurants);
  const menus = restaurants.map((restaurant, index) => generateMenu(city, restaurant, index));
  const customers = generateCustomers(city, counts.customers);
  if (isWhole) {
    cutMenus(menus, WHOLE);
    cutAddresses(customers, WHOLE.addresses);
  }
  const port = isWhole ? generatePort(city, counts) : NOTHING;
  const fleet = generateCouriers(city, counts.couriers);
  const owners = new Set([...restaurants, ...port.restaurants].map(({ ownerId }) => ownerId));
  const allMenus = [...menus, ...port.menus];
  return {
    users: [
      ...generateStaff(city),
      ...generateOwners(city, owners, counts.restaurants + port.restaurants.length),
      ...fleet.users,
      ...customers,
      ...port.users,
    ],
    zones: generateZones(city),
    brands: generateBrands(restaurants),
    restaurants: [...restaurants, ...port.restaurants],
    menuCategories: allMenus.flatMap(({ categories }) => categories),
    menuItems: allMenus.flatMap(({ items }) => items),
    couriers: [...fleet.couriers, ...port.couriers],
    coupons: generateCoupons(city),
  };
}

type Port = ReturnType<typeof generatePort>;
const NOTHING: Port = { restaurants: [], menus: [], users: [], couriers: [] };

/** Numbered on from Saffron Bay. */
function generatePort(city: CityInput, first: (typeof PROFILES)[Profile]) {
  const restaurants = generatePortRestaurants(city, first.restaurants);
  const menus = restaurants.map((restaurant, offset) => generateMenu(city, restaurant, first.restaurants + offset));
  return { restaurants, menus, ...generatePortPeople(city, first) };
}
