import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { bestTermsOf, deliveryTermsAt } from '../../../src/modules/restaurants/delivery-terms.ts';
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

describe('bestTermsOf', () => {
  it('names the lowest minimum and the lowest first fee of all areas', () => {
    expect(bestTermsOf(restaurant)).toEqual({ minimumOrderMinor: 5_000, deliveryFeeMinor: 2_500 });
  });
});
