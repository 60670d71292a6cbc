import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import {
  keysDeliveringTo,
  keysEverywhere,
  keysLyingWithin,
  listKeysOf,
} from '../../../src/modules/restaurants/list-keys.ts';
import { greatCircleMeters, toGeoJson, type GeoJsonPolygon, type GeoPoint } from '../../../src/shared/geo.ts';

const METERS_PER_DEGREE = 111_195;

function source(changes: Partial<Parameters<typeof listKeysOf>[0]> = {}): Parameters<typeof listKeysOf>[0] {
  return {
    status: 'live',
    name: 'Pepper House',
    cuisines: ['north-indian', 'pizza'],
    location: toGeoJson({ lat: 15.2, lng: 73.1 }),
    modes: ['delivery'],
    deliveryRadiusMeters: 3_000,
    deliveryAreas: [],
    ...changes,
  };
}

function area(polygon: GeoJsonPolygon) {
  return { id: 'a', name: 'A', polygon, feeBands: [], minimumOrderMinor: 0, freeDeliveryOverMinor: null };
}

const decimal = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const offset = fc.record({ share: decimal(0, 1), angle: decimal(0, 6.3) });
const anywhere = fc.record({ lat: decimal(-75, 75), lng: decimal(-180, 179.9) });

function at(center: GeoPoint, meters: number, angle: number): GeoPoint {
  const lat = center.lat + (Math.sin(angle) * meters) / METERS_PER_DEGREE;
  const lng = center.lng + (Math.cos(angle) * meters) / (METERS_PER_DEGREE * Math.cos((center.lat * Math.PI) / 180));
  return { lat, lng: lng > 180 ? lng - 360 : lng < -180 ? lng + 360 : lng };
}

describe('listKeysOf', () => {
  it('a restaurant that delivers within a radius, any point inside it, shares a key with the point', () => {
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 100, max: 50_000 }), offset, (center, r, { share, angle }) => {
        const keys = new Set(listKeysOf(source({ location: toGeoJson(center), deliveryRadiusMeters: r })));
        const point = at(center, r * share, angle);
        fc.pre(greatCircleMeters(center, point) <= r);
        expect(keysDeliveringTo(point, []).some((key) => keys.has(key))).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it('a restaurant with delivery areas, any point inside one of them, shares a key with the point, with a cuisine too', () => {
    const corners = fc.array(fc.tuple(decimal(0.05, 1), decimal(0.05, 1)), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(
        anywhere,
        fc.record({ shape: corners, size: fc.integer({ min: 300, max: 80_000 }) }),
        offset,
        (center, { shape, size }, { share, angle }) => {
          fc.pre(Math.abs(center.lng) < 177);
          const ring = shape.map(([reach], index) => {
            const corner = at(center, reach * size, (index / shape.length) * 2 * Math.PI);
            return [corner.lng, corner.lat] as [number, number];
          });
          const polygon: GeoJsonPolygon = { type: 'Polygon', coordinates: [[...ring, ring[0] ?? [0, 0]]] };
          const point = at(center, share * size, angle);
          fc.pre(booleanPointInPolygon([point.lng, point.lat], polygon));
          const keys = new Set(listKeysOf(source({ location: toGeoJson(center), deliveryAreas: [area(polygon)] })));
          expect(keysDeliveringTo(point, []).some((key) => keys.has(key))).toBe(true);
          expect(keysDeliveringTo(point, ['thai', 'pizza']).some((key) => keys.has(key))).toBe(true);
          expect(keysDeliveringTo(point, ['thai']).some((key) => keys.has(key))).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a restaurant anywhere, a circle that holds it, shares a key with the circle', () => {
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 1, max: 50_000 }), offset, (center, r, { share, angle }) => {
        const location = at(center, r * share, angle);
        fc.pre(greatCircleMeters(center, location) <= r);
        const keys = new Set(listKeysOf(source({ location: toGeoJson(location) })));
        const asked = keysLyingWithin(center, r, ['thai', 'pizza']);
        expect(asked.some((key) => keys.has(key))).toBe(true);
        expect(asked.length).toBeLessThanOrEqual(150);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([500, 3_000, 12_000, 50_000, 150_000])(
    'a radius of %i meters, cells of delivery, are at most 32',
    (radius) => {
      const keys = listKeysOf(source({ deliveryRadiusMeters: radius, cuisines: [] }));
      const cells = keys.filter((key) => /^[0-9a-f]{15}$/.test(key));
      expect(cells.length).toBeGreaterThan(0);
      expect(cells.length).toBeLessThanOrEqual(32);
    },
  );

  it('a restaurant that is not live, keys, are none', () => {
    expect(listKeysOf(source({ status: 'suspended' }))).toEqual([]);
  });

  it('a restaurant for collection only, point at its door, is on the lists of places and not on those of delivery', () => {
    const keys = new Set(listKeysOf(source({ modes: ['collection'] })));
    const door = { lat: 15.2, lng: 73.1 };
    expect(keysDeliveringTo(door, []).some((key) => keys.has(key))).toBe(false);
    expect(keysLyingWithin(door, 1_000, []).some((key) => keys.has(key))).toBe(true);
    expect(keysEverywhere(['pizza']).every((key) => keys.has(key))).toBe(true);
  });
});
