import { toMenuItem, type MenuItem } from '../../../src/modules/menu/menu-item-snapshot.ts';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { deliveryTermsAt, type DeliveryTerms } from '../../../src/modules/restaurants/delivery-terms.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import type { AddressRow, UserRow } from '../../../src/modules/users/user.model.ts';
import { fromGeoJson, greatCircleMeters } from '../../../src/shared/geo.ts';
import { cuisineOf } from '../cuisines/index.ts';
import { Random } from '../random.ts';
import type { City } from '../types.ts';

export interface House {
  restaurant: RestaurantSnapshot;
  items: MenuItem[];
  /** How well it is liked: guests, and stars. */
  appeal: number;
  prepMinutes: [number, number];
}

/** A house that delivers to a door, and on what terms. */
export interface Offer {
  house: House;
  terms: DeliveryTerms;
  weight: number;
}

export interface Door {
  customer: UserRow;
  address: AddressRow;
  offers: Offer[];
}

export interface Market {
  houses: House[];
  /** By city: who lives there and can be delivered to. */
  doors: Map<string, Door[]>;
  couriers: CourierRecord[];
}

const LARGEST_RADIUS_METERS = 8_000;

/** Who may order what from whom. Houses that no courier reaches sell nothing. */
export function openMarket(city: City, seed: string, at: Date): Market {
  const itemsOf = Map.groupBy(city.menuItems, ({ restaurantId }) => restaurantId);
  const houses = city.restaurants
    .filter((row) => row.status === 'live' && row.modes.includes('delivery'))
    .map((row): House => {
      const restaurant = { ...toRestaurantSnapshot(row), exceptions: [], pausedUntil: null, busyUntil: null };
      const items = (itemsOf.get(row._id) ?? []).map((item) => toMenuItem(item, { at, restaurant }));
      const random = new Random(seed, 'appeal', row._id);
      return {
        restaurant,
        items: items.filter((item) => item.isAvailable && item.stock === null && item.mealtimes.length === 0),
        appeal: random.next() ** 2,
        prepMinutes: cuisineOf(row.cuisines[0] ?? '').prepMinutes,
      };
    })
    .filter((house) => isServed(house, city.couriers));
  const customers = city.users.filter(({ roles }) => roles.includes('customer'));
  const doors = customers.flatMap((customer) => customer.addresses.map((address) => doorOf(customer, address, houses)));
  const open = doors.filter(({ offers }) => offers.length > 0);
  return { houses, doors: Map.groupBy(open, ({ address }) => address.city), couriers: city.couriers };
}

function isServed({ restaurant }: House, couriers: readonly CourierRecord[]): boolean {
  return couriers.some(
    ({ location }) =>
      location !== null && greatCircleMeters(fromGeoJson(location), restaurant.location) < LARGEST_RADIUS_METERS,
  );
}

function doorOf(customer: UserRow, address: AddressRow, houses: readonly House[]): Door {
  const point = fromGeoJson(address.location);
  const offers = houses.flatMap((house): Offer[] => {
    const terms = deliveryTermsAt(house.restaurant, point);
    if (terms === null) return [];
    const kilometers = greatCircleMeters(house.restaurant.location, point) / 1_000;
    return [{ house, terms, weight: (0.1 + house.appeal) / (1 + kilometers) }];
  });
  return { customer, address, offers };
}

const TRIES = 8;
const DOORS = 30;
const NEVER_CLOSED = 'Saffron Bay';

/** A door of this city, and a house that is open now and delivers there; where all are closed, one of the city that never sleeps. */
export function choose(
  market: Market,
  { cityName, at }: { cityName: string; at: Date },
  random: Random,
): { door: Door; offer: Offer } {
  for (let knocks = 0; ; knocks += 1) {
    const doors = market.doors.get(knocks < DOORS ? cityName : NEVER_CLOSED) ?? [];
    if (knocks > 100 * DOORS) throw new Error(`nothing is open at ${at.toISOString()}`);
    // Some are hungrier than others.
    const door = doors[Math.floor(random.next() ** 1.6 * doors.length)];
    for (let tries = 0; door !== undefined && tries < TRIES; tries += 1) {
      const offer = weighted(door.offers, random);
      if (availabilityOf(offer.house.restaurant, { at }).isOpen) return { door, offer };
    }
  }
}

function weighted(offers: readonly Offer[], random: Random): Offer {
  let left = random.next() * offers.reduce((sum, { weight }) => sum + weight, 0);
  for (const offer of offers) {
    left -= offer.weight;
    if (left < 0) return offer;
  }
  return random.pick(offers);
}
