import { describe, expect, it } from 'vitest';
import { reachProblems } from '../../../src/modules/console/hours-and-areas/delivery-reach.ts';

const CENTER = { lat: 0, lng: 0 };
/** A degree of the equator, and 1.35 of it by road. */
const DEGREE_BY_ROAD = 150_114;

function square(halfDegrees: number) {
  const [low, high] = [-halfDegrees, halfDegrees];
  const ring: [number, number][] = [
    [low, low],
    [high, low],
    [high, high],
    [low, high],
    [low, low],
  ];
  return { type: 'Polygon' as const, coordinates: [ring] };
}

function bands(upToMeters: number) {
  return [{ upToMeters, feeMinor: 100 }];
}

function area(name: string, halfDegrees: number, upToMeters: number) {
  return { name, polygon: square(halfDegrees), feeBands: bands(upToMeters) };
}

describe('reachProblems', () => {
  it('of a radius is a table that ends before it by road, to the meter', () => {
    const radius = { deliveryRadiusMeters: 2_000, areas: [] };
    expect(reachProblems({ ...radius, feeBands: bands(2_700) }, CENTER)).toEqual([]);
    expect(reachProblems({ ...radius, feeBands: bands(2_699) }, CENTER)).toMatchObject([
      { path: 'feeBands', areaName: null },
    ]);
  });

  it('with areas asks nothing of the radius', () => {
    const areas = [area('Near', 0.01, 10_000)];
    expect(reachProblems({ deliveryRadiusMeters: 50_000, feeBands: [], areas }, CENTER)).toEqual([]);
  });

  it('names each area that is too far or has a short table, by its place in the list', () => {
    const areas = [area('Near', 0.01, 10_000), area('Short', 0.1, 10_000), area('Far', 0.5, DEGREE_BY_ROAD)];
    const problems = reachProblems({ deliveryRadiusMeters: 0, feeBands: [], areas }, CENTER);
    expect(problems.map(({ path, areaName }) => [path, areaName])).toEqual([
      ['areas.1.feeBands', 'Short'],
      ['areas.2.polygon', 'Far'],
    ]);
  });

  it('change with the place: what reached from the middle does not from the edge', () => {
    const promises = { deliveryRadiusMeters: 0, feeBands: [], areas: [area('Near', 0.01, 2_200)] };
    expect(reachProblems(promises, CENTER)).toEqual([]);
    expect(reachProblems(promises, { lat: 0.01, lng: 0 })).toHaveLength(1);
  });
});
