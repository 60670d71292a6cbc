import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromGeoJson, greatCircleMeters, routeMeters, toGeoJson } from '../../../src/shared/geo.ts';

const points = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('distances', () => {
  it.each([
    ['one degree along the equator', { lat: 0, lng: 0 }, { lat: 0, lng: 1 }, 111_195],
    ['pole to pole', { lat: 90, lng: 0 }, { lat: -90, lng: 0 }, 20_015_114],
    ['over the date line', { lat: 0, lng: 179.5 }, { lat: 0, lng: -179.5 }, 111_195],
    ['nowhere', { lat: 12.9, lng: 74.8 }, { lat: 12.9, lng: 74.8 }, 0],
  ])('%s', (...[, a, b, meters]) => {
    expect(greatCircleMeters(a, b)).toBe(meters);
  });

  it('are whole, symmetric and never more than half the earth', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const meters = greatCircleMeters(a, b);
        expect(Number.isInteger(meters) && meters >= 0 && meters <= 20_015_114).toBe(true);
        expect(greatCircleMeters(b, a)).toBe(meters);
      }),
    );
  });

  it('by road are 1.35 times the great circle', () => {
    expect(routeMeters({ lat: 0, lng: 0 }, { lat: 0, lng: 1 })).toBe(150_113);
  });
});

describe('GeoJSON', () => {
  it('keeps longitude first, and comes back', () => {
    expect(toGeoJson({ lat: 12.9, lng: 74.8 })).toEqual({ type: 'Point', coordinates: [74.8, 12.9] });
    expect(fromGeoJson(toGeoJson({ lat: 12.9, lng: 74.8 }))).toEqual({ lat: 12.9, lng: 74.8 });
    expect(() => fromGeoJson({ coordinates: [1] })).toThrow(RangeError);
  });
});
