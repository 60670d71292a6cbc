import { describe, expect, it } from 'vitest';
import { contains, DEMO_HOME, pointAt } from '../../../scripts/sample-city/geography.ts';
import { generateCity } from '../../../scripts/sample-city/index.ts';
import { PORT_CLEMENT, PORT_ZONES } from '../../../scripts/sample-city/port-clement/geography.ts';
import { deliveryTermsAt } from '../../../src/modules/restaurants/delivery-terms.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { fromGeoJson } from '../../../src/shared/geo.ts';

const now = new Date('2026-11-20T08:00:00.000Z');
const tiny = generateCity({ profile: 'tiny', now });
const demo = generateCity({ profile: 'demo', now });
const home = pointAt(DEMO_HOME);
const bay = demo.restaurants.filter(({ timeZone }) => timeZone === 'Asia/Kolkata');
const port = demo.restaurants.filter(({ timeZone }) => timeZone === 'Europe/Paris');

const unique = (values: unknown[]): number => new Set(values).size;

describe('Port Clement', () => {
  it('has fifteen restaurants in zones of its own that cook in French, for euros with the tax inside', () => {
    expect(port).toHaveLength(15);
    expect(unique(port.map(({ name }) => name))).toBe(15);
    for (const { currency, pricesIncludeTax, location } of port) {
      expect([currency, pricesIncludeTax]).toEqual(['EUR', true]);
      const { lat, lng } = fromGeoJson(location);
      const spot: [number, number] = [
        (lng - PORT_CLEMENT.lng) * 111_195 * Math.cos((PORT_CLEMENT.lat * Math.PI) / 180),
        (lat - PORT_CLEMENT.lat) * 111_195,
      ];
      expect(PORT_ZONES.filter(({ polygon }) => contains(polygon, spot))).toHaveLength(1);
    }
    const zones = demo.zones.filter(({ city }) => city === 'Port Clement');
    expect(zones.map(({ currency, timeZone }) => [currency, timeZone])).toEqual(
      PORT_ZONES.map(() => ['EUR', 'Europe/Paris']),
    );
    expect(demo.menuItems.some(({ name }) => name === 'Galette complète')).toBe(true);
  });

  it('has a rate for everything that is charged, the box too', () => {
    for (const { packagingFeeMinor, taxRates } of demo.restaurants.filter((row) => row.status === 'live')) {
      if (packagingFeeMinor > 0) expect(taxRates).toHaveProperty('packaging');
    }
  });

  it('taxes what has alcohol in it as alcohol, and nothing else', () => {
    // By their words: a new wine or beer on a menu is found here.
    const strong = /\b(?:cidre|cider|vin|wine|bière|beer|lager|kir|calvados|cognac|champagne|sake|whisky|rum|gin)\b/i;
    const named = demo.menuItems.filter(({ name }) => strong.test(name));
    expect(new Set(named.map(({ name }) => name))).toEqual(new Set(['Cidre brut, la bolée']));
    expect(demo.menuItems.filter(({ taxCategory }) => taxCategory === 'alcohol')).toEqual(named);
  });

  it('delivers to its people, some by quarter, and not to Saffron Bay', () => {
    const people = demo.users.filter(({ addresses }) => addresses[0]?.city === 'Port Clement');
    const doors = people.flatMap(({ addresses }) => addresses.map(({ location }) => fromGeoJson(location)));
    for (const row of port) {
      const restaurant = toRestaurantSnapshot(row);
      const served = doors.filter((point) => deliveryTermsAt(restaurant, point) !== null);
      expect(served.length / doors.length).toBeGreaterThan(0.7);
      expect(deliveryTermsAt(restaurant, home)).toBeNull();
    }
    expect(port.filter(({ deliveryAreas }) => deliveryAreas.length > 0)).toHaveLength(5);
  });
});

describe('the variety of the sample city', () => {
  const items = (test: (item: (typeof demo.menuItems)[number]) => boolean): number =>
    demo.menuItems.filter(test).length;

  it('has sizes, nested groups, counted stock and mealtimes', () => {
    expect(items(({ sizes }) => sizes.length > 1)).toBeGreaterThan(20);
    expect(items(({ stock }) => stock !== null)).toBeGreaterThan(20);
    expect(items(({ mealtimes }) => mealtimes.length > 0)).toBeGreaterThan(0);
    expect(demo.menuCategories.filter(({ mealtimes }) => mealtimes.length > 0).length).toBeGreaterThan(2);
    const nested = ({ optionGroups }: (typeof demo.menuItems)[number]) =>
      optionGroups.some(({ options }) => options.some(({ groups }) => groups.length === 2));
    expect(items(nested)).toBeGreaterThan(3);
  });

  it('has brands whose branches belong to one owner, and houses one can collect from', () => {
    const brands = Map.groupBy(
      bay.filter(({ brandId }) => brandId !== null),
      ({ brandId }) => brandId,
    );
    expect([...brands.values()].map((branches) => branches.length).sort()).toEqual([2, 3]);
    for (const branches of brands.values()) expect(unique(branches.map(({ ownerId }) => ownerId))).toBe(1);
    expect(bay.filter(({ modes }) => modes.includes('collection')).length).toBeGreaterThan(10);
  });

  it('has pictures where a local cloud draws them, and none elsewhere', () => {
    const tileBase = 'http://127.0.0.1:1/quickbite/image/upload/sample';
    const drawn = generateCity({ profile: 'tiny', now, tileBase });
    expect([...drawn.menuItems, ...drawn.restaurants].every(({ picture }) => picture !== null)).toBe(true);
    expect([...tiny.menuItems, ...tiny.restaurants].every(({ picture }) => picture === null)).toBe(true);
  });
});
