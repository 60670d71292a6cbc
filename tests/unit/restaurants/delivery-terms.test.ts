import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { deliversTo, deliveryTermsAt, shownTermsOf } from '../../../src/modules/restaurants/delivery-terms.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { buildDeliveryArea, buildRestaurant, TOWN } from '../../factories/restaurant.ts';

const AT = new Date('2026-11-20T12:30:00.000Z');
const METERS_PER_DEGREE = 111_195;
const north = (meters: number) => ({ lat: TOWN.lat + meters / METERS_PER_DEGREE, lng: TOWN.lng });

const harbour = buildDeliveryArea({ name: 'Harbour', metersToEdge: 500, minimumOrderMinor: 5_000 });
const town = buildDeliveryArea({
  name: 'Town',
  metersToEdge: 2_000,
  minimumOrderMinor: 15_000,
  feeBands: [{ upToMeters: 9_000, feeMinor: 6_000 }],
  freeDeliveryOverMinor: 80_000,
});
const restaurant = toRestaurantSnapshot(buildRestaurant({ deliveryAreas: [harbour, town] }));

describe('deliveryTermsAt with areas', () => {
  it('takes the first area that holds the point', () => {
    expect(deliveryTermsAt(restaurant, north(499))).toMatchObject({ areaId: harbour.id, minimumOrderMinor: 5_000 });
    expect(deliveryTermsAt(restaurant, north(501))).toEqual({
      areaId: town.id,
      areaName: 'Town',
      feeTable: { bands: town.feeBands, freeDeliveryOverMinor: 80_000 },
      minimumOrderMinor: 15_000,
    });
  });

  it('counts edges and corners as inside', () => {
    for (const [lng = 0, lat = 0] of town.polygon.coordinates[0] ?? []) {
      expect(deliveryTermsAt(restaurant, { lat, lng })?.areaId).toBe(town.id);
      expect(deliveryTermsAt(restaurant, { lat, lng: TOWN.lng })?.areaId).toBe(town.id);
    }
  });

  it('has none 30 meters outside, whatever the radius', () => {
    const wide = { ...restaurant, deliveryRadiusMeters: 50_000 };
    expect(deliveryTermsAt(wide, north(1_970))).not.toBeNull();
    expect(deliveryTermsAt(wide, north(2_030))).toBeNull();
    expect(availabilityOf(wide, { at: AT, point: north(2_030) })).toMatchObject({
      isOpen: false,
      reason: 'out_of_range',
      nextOpenAt: null,
    });
  });
});

describe('deliveryTermsAt without areas', () => {
  const round = toRestaurantSnapshot(buildRestaurant({ deliveryRadiusMeters: 3_000 }));

  it('takes the terms of the restaurant within its radius', () => {
    const { feeTable, minimumOrderMinor } = round;
    expect(deliveryTermsAt(round, north(2_990))).toEqual({ areaId: null, areaName: null, feeTable, minimumOrderMinor });
    expect(deliveryTermsAt(round, north(3_030))).toBeNull();
  });
});

describe('shownTermsOf', () => {
  it('names, without a point, the lowest minimum, first fee and free threshold of all areas', () => {
    expect(shownTermsOf(restaurant)).toEqual({
      minimumOrderMinor: 5_000,
      deliveryFeeFromMinor: 2_500,
      freeDeliveryOverMinor: 80_000,
    });
  });

  it('names the terms of a point where they are given, and never those of a table that does not count', () => {
    const misleading = { ...restaurant, feeTable: { bands: [], freeDeliveryOverMinor: 1 }, minimumOrderMinor: 1 };
    expect(shownTermsOf(misleading, deliveryTermsAt(misleading, north(501)))).toEqual({
      minimumOrderMinor: 15_000,
      deliveryFeeFromMinor: 6_000,
      freeDeliveryOverMinor: 80_000,
    });
    expect(shownTermsOf(misleading, deliveryTermsAt(misleading, north(499))).freeDeliveryOverMinor).toBeNull();
  });
});

describe('deliversTo', () => {
  it.each([
    [499, true],
    [1_970, true],
    [2_030, false],
  ])('of areas, at %i meters is %s, as the availability of delivery there', (meters, expected) => {
    expect(deliversTo(restaurant, north(meters))).toBe(expected);
    expect(availabilityOf(restaurant, { at: AT, point: north(meters) }).isOpen).toBe(expected);
  });

  it('is never so where food can only be collected', () => {
    const counter = { ...restaurant, modes: ['collection' as const] };
    expect(deliversTo(counter, TOWN)).toBe(false);
    expect(deliveryTermsAt(counter, TOWN)).toBeNull();
    expect(deliversTo({ ...counter, deliveryAreas: [] }, TOWN)).toBe(false);
  });
});
