import bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import {
  DEMO_EMAILS,
  DEMO_PASSWORD,
  DEMO_PASSWORD_HASH,
  DEMO_POINT,
} from '../../../scripts/sample-city/demo-logins.ts';
import { generateCity, PROFILES, type Profile } from '../../../scripts/sample-city/index.ts';
import { contains, DEMO_HOME, pointAt, ZONES } from '../../../scripts/sample-city/geography.ts';
import { CourierModel } from '../../../src/modules/deliveries/courier.model.ts';
import { MenuCategoryModel } from '../../../src/modules/menu/menu-category.model.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { validateSelection } from '../../../src/modules/menu/selection.ts';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { isTaxNumber } from '../../../src/shared/tax-number.ts';
import { fromGeoJson, greatCircleMeters, routeMeters, type GeoPoint } from '../../../src/shared/geo.ts';

const now = new Date('2026-11-20T08:00:00.000Z');
const tiny = generateCity({ profile: 'tiny', now });
const demo = generateCity({ profile: 'demo', now });
const home = pointAt(DEMO_HOME);
const bay = demo.restaurants.filter(({ timeZone }) => timeZone === 'Asia/Kolkata');

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
const unique = (values: unknown[]): number => new Set(values).size;
const metersFromHome = (row: { location: { coordinates: readonly number[] } | null }): number =>
  row.location === null ? Infinity : greatCircleMeters(fromGeoJson(row.location), home);

describe('the sample city', () => {
  it('has the size of its profile', () => {
    const inBay = new Set(bay.map(({ _id }) => _id));
    const items = demo.menuItems.filter(({ restaurantId }) => inBay.has(restaurantId));
    const customers = demo.users.filter(({ roles }) => roles.includes('customer')).slice(0, 2_000);
    expect(bay).toHaveLength(120);
    expect(unique(bay.flatMap(({ cuisines }) => cuisines))).toBe(18);
    expect(ZONES).toHaveLength(5);
    expect(items).toHaveLength(2_900);
    expect(sum(items.map(({ optionGroups }) => optionGroups.length))).toBe(850);
    expect(sum(customers.map(({ addresses }) => addresses.length))).toBe(3_400);
    expect(demo.couriers).toHaveLength(180 + 12);
    expect(demo.users.filter(({ roles }) => roles.includes('customer'))).toHaveLength(2_000 + 60);
    expect([tiny.restaurants.length, tiny.couriers.length]).toEqual([
      PROFILES.tiny.restaurants,
      PROFILES.tiny.couriers,
    ]);
    expect(tiny.users.filter(({ roles }) => roles.includes('customer'))).toHaveLength(20);
  });

  it('registers its restaurants for taxes where they are, each under a number of its own, but for a few', () => {
    const registrations = demo.restaurants.flatMap(({ taxRegistration }) => taxRegistration ?? []);
    const numbered = registrations.flatMap(({ country, number }) => (number === null ? [] : [{ country, number }]));
    expect(registrations).toHaveLength(135);
    expect(numbered.every(({ country, number }) => isTaxNumber(country, number))).toBe(true);
    expect(unique(numbered.map(({ number }) => number))).toBe(128);
    expect(numbered.filter(({ country }) => country === 'FR')).toHaveLength(15);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(generateCity({ profile: 'tiny', now })).toEqual(tiny);
    const other = generateCity({ seed: 'other', profile: 'tiny', now });
    expect(other.restaurants.map(({ _id }) => _id)).not.toContain(tiny.restaurants[0]?._id);
  });

  it('keeps its ids whatever the day', () => {
    const later = generateCity({ profile: 'tiny', now: new Date('2027-02-01T00:00:00Z') });
    expect(later.menuItems.map(({ _id, priceMinor }) => [_id, priceMinor])).toEqual(
      tiny.menuItems.map(({ _id, priceMinor }) => [_id, priceMinor]),
    );
    expect(tiny.restaurants[0]?._id).toBe('d5bc90fe742c58459d1d3471');
  });

  it('begins with the tiny one', () => {
    expect(demo.restaurants.slice(0, 8)).toEqual(tiny.restaurants);
    const users = new Map(demo.users.map((user) => [user._id, user]));
    for (const user of tiny.users) expect(users.get(user._id)).toEqual(user);
    expect(demo.menuItems.slice(0, tiny.menuItems.length)).toEqual(tiny.menuItems);
  });

  it('gives no name, address, e-mail or phone twice', () => {
    for (const rows of [demo.users, demo.restaurants, demo.menuCategories, demo.menuItems, demo.couriers]) {
      expect(unique(rows.map(({ _id }) => _id))).toBe(rows.length);
    }
    expect(unique(demo.restaurants.map(({ slug }) => slug))).toBe(demo.restaurants.length);
    expect(unique(demo.users.map(({ email }) => email))).toBe(demo.users.length);
    const phones = [...demo.users, ...demo.restaurants].map(({ phone }) => phone);
    expect(unique(phones)).toBe(phones.length);
  });

  it('reaches nobody real', () => {
    for (const { email, phone } of demo.users) {
      expect(email).toMatch(/^[a-z0-9-]+@(demo|people)\.quickbite\.example$/);
      expect(phone).toMatch(/^\+1[2-9]\d\d55501\d\d$/);
    }
  });

  it('fits the models to the field', async () => {
    for (const row of demo.users.slice(0, 300)) await expectToFit(new UserModel(row), row);
    for (const row of demo.restaurants) await expectToFit(new RestaurantModel(row), row);
    for (const row of tiny.menuCategories) await expectToFit(new MenuCategoryModel(row), row);
    for (const row of tiny.menuItems) await expectToFit(new MenuItemModel(row), row);
    for (const row of demo.couriers) await expectToFit(new CourierModel(row), row);
  });
});

interface Hydrated {
  validate(): Promise<unknown>;
  toObject(options: { flattenMaps: true }): unknown;
}

/** Valid, and neither a field too many, which would be dropped, nor one too few, which would get a default. */
async function expectToFit(document: Hydrated, row: object): Promise<void> {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  await document.validate();
  expect(plain(document.toObject({ flattenMaps: true }))).toEqual(plain(row));
}

describe('menus of the sample city', () => {
  it('hang together: each item belongs to a category of its restaurant and is priced in its currency', () => {
    const restaurants = new Map(demo.restaurants.map((row) => [row._id, row]));
    const categories = new Map(demo.menuCategories.map((row) => [row._id, row]));
    for (const item of demo.menuItems) {
      expect(categories.get(item.categoryId)?.restaurantId).toBe(item.restaurantId);
      expect(item.currency).toBe(restaurants.get(item.restaurantId)?.currency);
      expect(item.priceMinor).toBeGreaterThan(0);
    }
  });

  it('can be ordered: every group can be satisfied', () => {
    for (const item of demo.menuItems) {
      const optionGroups = item.optionGroups.map((group) => ({
        ...group,
        id: group._id,
        options: group.options.map((option) => ({ ...option, id: option._id, groups: [] })),
      }));
      const optionIds = optionGroups.flatMap(({ minSelect, options }) =>
        options.slice(0, minSelect).map(({ id }) => id),
      );
      expect(validateSelection({ optionGroups }, optionIds).problems).toEqual([]);
    }
  });
});

describe('a restaurant of the sample city near the demo address', () => {
  const near = (profile: Profile) =>
    (profile === 'tiny' ? tiny : demo).restaurants
      .filter((row) => metersFromHome(row) <= row.deliveryRadiusMeters)
      .map(toRestaurantSnapshot);
  const quarters = Array.from({ length: 7 * 24 * 4 }, (_, quarter) => new Date(now.getTime() + quarter * 900_000));
  const openAt = (profile: Profile, at: Date): number =>
    near(profile).filter((restaurant) => availabilityOf(restaurant, { at: at, point: home }).isOpen).length;

  it.each(['tiny', 'demo'] as const)('is open at every quarter of an hour of a week (%s)', (profile) => {
    for (const at of quarters) expect(openAt(profile, at), at.toISOString()).toBeGreaterThan(0);
  });

  it('is not the only one, at any hour, in the whole city', () => {
    for (const at of quarters.filter((_, index) => index % 4 === 0)) expect(openAt('demo', at)).toBeGreaterThan(2);
  });
});

describe('the adversarial rows of the sample city', () => {
  const named = (part: string) => {
    const row = demo.restaurants.find(({ name }) => name.includes(part));
    if (row === undefined) throw new Error(`no restaurant ${part}`);
    return toRestaurantSnapshot(row);
  };
  const demoRestaurant = named('The Saffron Table');
  const demoItems = demo.menuItems.filter(({ restaurantId }) => restaurantId === demoRestaurant.id);
  const customer = demo.users.find(({ email }) => email === DEMO_EMAILS.customer);
  const addressPoint = (label: string): GeoPoint => {
    const address = customer?.addresses.find((one) => one.label === label);
    if (address === undefined) throw new Error(`no address ${label}`);
    return fromGeoJson(address.location);
  };

  it('has one open past midnight, and one with split shifts', () => {
    expect(availabilityOf(named('Midnight'), { at: new Date('2026-11-20T21:00:00Z') }).isOpen).toBe(true);
    expect(named('Coconut Grove').hours.filter(({ weekday }) => weekday === 5)).toHaveLength(2);
  });

  it('has one closed today, also a month later, one paused and one busy', () => {
    expect(availabilityOf(named('Harvest Hall'), { at: now }).reason).toBe('closed_exception');
    expect(availabilityOf(named('Harvest Hall'), { at: new Date('2026-12-20T08:00:00Z') }).reason).toBe(
      'closed_exception',
    );
    const paused = availabilityOf(named('Jade Wok'), { at: now });
    expect(paused).toMatchObject({ reason: 'paused', nextOpenAt: new Date('2026-11-20T08:20:00Z') });
    expect(availabilityOf(named('Rush Hour'), { at: now })).toMatchObject({ isOpen: true, isBusy: true });
  });

  it('has one suspended and one never published', () => {
    expect([named('Shuttered').status, named('Opening Soon').status]).toEqual(['suspended', 'draft']);
  });

  it('has an item sold out, one switched off, a required group and an option sold out', () => {
    expect(demoItems.some(({ soldOutUntil }) => soldOutUntil !== null && soldOutUntil > now)).toBe(true);
    expect(demoItems.some(({ isAvailable }) => !isAvailable)).toBe(true);
    const groups = demoItems.flatMap(({ optionGroups }) => optionGroups);
    expect(groups.some(({ minSelect }) => minSelect > 0)).toBe(true);
    expect(groups.flatMap(({ options }) => options).some(({ soldOutUntil }) => soldOutUntil !== null)).toBe(true);
  });

  it('has an address just inside and one 30 meters outside the radius of the demo restaurant', () => {
    expect(availabilityOf(demoRestaurant, { at: now, point: addressPoint('Home') }).isOpen).toBe(true);
    expect(availabilityOf(demoRestaurant, { at: now, point: addressPoint('Just out of reach') }).reason).toBe(
      'out_of_range',
    );
    const beyond = greatCircleMeters(demoRestaurant.location, addressPoint('Just out of reach')) - 3_000;
    expect(Math.abs(beyond - 30)).toBeLessThan(3);
  });

  it('has one that delivers to an address but has no courier in reach', () => {
    const lighthouse = named('مطعم');
    expect(availabilityOf(lighthouse, { at: now, point: addressPoint('Lighthouse') }).isOpen).toBe(true);
    const distances = demo.couriers.map(({ location }) =>
      location === null ? Infinity : greatCircleMeters(fromGeoJson(location), lighthouse.location),
    );
    expect(Math.min(...distances)).toBeGreaterThan(8_000);
  });

  it('has names with pictures, from right to left and very long, for restaurants, dishes and people', () => {
    for (const names of [demo.restaurants, demoItems, demo.users].map((rows) => rows.map(({ name }) => name))) {
      expect(names.some((name) => /\p{Extended_Pictographic}/u.test(name))).toBe(true);
      expect(names.some((name) => /\p{Script=Arabic}/u.test(name))).toBe(true);
      expect(Math.max(...names.map((name) => name.length))).toBeGreaterThan(60);
    }
  });

  it('has one that is paid in yen, in whole yen', () => {
    const hoshi = named('Hoshi');
    const prices = demo.menuItems
      .filter(({ restaurantId }) => restaurantId === hoshi.id)
      .map(({ priceMinor }) => priceMinor);
    expect(hoshi.currency).toBe('JPY');
    expect(Math.max(...prices)).toBeLessThan(3_000);
  });

  it('has two couriers at equal distance, one with an old fix, and nobody online but the demo courier', () => {
    const distances = demo.couriers
      .slice(1, 3)
      .map(({ location }) =>
        location === null ? 0 : greatCircleMeters(fromGeoJson(location), demoRestaurant.location),
      );
    expect(distances[0]).toBe(distances[1]);
    expect(now.getTime() - (demo.couriers[3]?.locationAt?.getTime() ?? 0)).toBe(600_000);
    const online = demo.couriers.filter(({ isOnline }) => isOnline);
    const courier = demo.users.find(({ email }) => email === DEMO_EMAILS.courier);
    expect(online.map(({ _id }) => _id)).toEqual([courier?._id]);
  });

  it('lets fees reach as far as the restaurant delivers', () => {
    for (const { feeBands, deliveryRadiusMeters, location, deliveryAreas } of demo.restaurants) {
      expect(feeBands.at(-1)?.upToMeters).toBeGreaterThanOrEqual(deliveryRadiusMeters * 1.35);
      for (const area of deliveryAreas) {
        const corners = area.polygon.coordinates.flat().map(([lng, lat]) => ({ lat, lng }));
        const furthest = Math.max(...corners.map((corner) => routeMeters(fromGeoJson(location), corner)));
        expect(area.feeBands.at(-1)?.upToMeters, area.name).toBeGreaterThanOrEqual(furthest);
      }
    }
  });
});

describe('demo log-ins', () => {
  it('open one account per role with the published password', async () => {
    const roles = Object.values(DEMO_EMAILS).map((email) => demo.users.find((user) => user.email === email)?.roles);
    expect(roles).toEqual([['customer'], ['restaurant'], ['courier'], ['support'], ['admin']]);
    expect(await bcrypt.compare(DEMO_PASSWORD, DEMO_PASSWORD_HASH)).toBe(true);
    expect(bcrypt.getRounds(DEMO_PASSWORD_HASH)).toBe(10);
    expect(unique(demo.users.map(({ passwordHash }) => passwordHash))).toBe(1);
  });

  it('give the demo restaurant to the demo owner', () => {
    const owner = demo.users.find(({ email }) => email === DEMO_EMAILS.restaurant);
    expect(demo.restaurants[0]?.ownerId).toBe(owner?._id);
  });

  it('place the demo customer where the demo looks for food', () => {
    expect(DEMO_POINT).toEqual(home);
  });
});

describe('zones', () => {
  it('hold every restaurant of the city but the lighthouse, and do not overlap', () => {
    for (const { location } of bay.filter(({ name }) => !name.startsWith('مطعم'))) {
      const { lat, lng } = fromGeoJson(location);
      const spot: [number, number] = [
        (lng - 73.1) * 111_195 * Math.cos((15.2 * Math.PI) / 180),
        (lat - 15.2) * 111_195,
      ];
      expect(ZONES.filter(({ polygon }) => contains(polygon, spot))).toHaveLength(1);
    }
  });
});
