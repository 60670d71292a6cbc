import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polygonProblem, withRightWinding } from '../../../src/modules/console/hours-and-areas/polygon-rules.ts';

type Ring = [number, number][];
const polygon = (...ring: Ring) => ({ type: 'Polygon' as const, coordinates: [ring] });

const SQUARE: Ring = [
  [73.09, 15.19],
  [73.11, 15.19],
  [73.11, 15.21],
  [73.09, 15.21],
  [73.09, 15.19],
];

describe('polygonProblem', () => {
  it('has nothing against a square, whichever way it winds', () => {
    expect(polygonProblem(polygon(...SQUARE))).toBeNull();
    expect(polygonProblem(polygon(...SQUARE.toReversed()))).toBeNull();
  });

  it.each<[string, Ring]>([
    ['must end where it begins', SQUARE.slice(0, 4)],
    ['must name no point twice', [...SQUARE.slice(0, 2), ...SQUARE.slice(1)]],
    ['must name no point twice', [...SQUARE.slice(0, 2), [73.1, 15.2], [73.11, 15.21], [73.1, 15.2], [73.09, 15.19]]],
    [
      'must not cross or touch itself',
      [
        [73, 15],
        [73.1, 15.1],
        [73.1, 15],
        [73, 15.1],
        [73, 15],
      ],
    ],
    [
      'must not cross or touch itself',
      [
        [73, 15],
        [73.2, 15],
        [73.1, 15],
        [73.1, 15.1],
        [73, 15],
      ],
    ],
    [
      'must not cross the 180th meridian',
      [
        [179.9, 1],
        [-179.9, 1],
        [-179.9, 1.1],
        [179.9, 1.1],
        [179.9, 1],
      ],
    ],
    [
      'must not come near a pole',
      [
        [10, 84.9],
        [10.1, 84.9],
        [10.1, 85.1],
        [10, 84.9],
      ],
    ],
    [
      'must have 10000 square meters at least',
      [
        [73, 15],
        [73.0001, 15],
        [73.0001, 15.0001],
        [73, 15],
      ],
    ],
    [
      'must have 2,000 square kilometers at most',
      [
        [73, 15],
        [74, 15],
        [74, 16],
        [73, 15],
      ],
    ],
  ])('%s', (problem, ring) => {
    expect(polygonProblem(polygon(...ring))).toBe(problem);
  });

  it('takes every star-shaped ring', () => {
    const radii = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(radii, (list) => {
        const corners = list.map((radius, index): [number, number] => {
          const angle = (2 * Math.PI * index) / list.length;
          return [73.1 + 0.05 * radius * Math.cos(angle), 15.2 + 0.05 * radius * Math.sin(angle)];
        });
        expect(polygonProblem(polygon(...closed(corners)))).toBeNull();
      }),
    );
  });

  it('refuses every ring of which two edges cross', () => {
    const grid = fc.integer({ min: 0, max: 40 });
    const corners = fc.uniqueArray(fc.tuple(grid, grid), {
      minLength: 4,
      maxLength: 9,
      selector: ([x, y]) => `${x}/${y}`,
    });
    fc.assert(
      fc.property(corners, (list) => {
        const ring = closed(list.map(([x, y]): [number, number] => [73 + x / 200, 15 + y / 200]));
        if (hasCrossing(closed(list))) expect(polygonProblem(polygon(...ring))).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});

function closed(ring: Ring): Ring {
  return [...ring, ...ring.slice(0, 1)];
}

/** In whole numbers, where a side is a side. */
function hasCrossing(ring: Ring): boolean {
  const edges = ring.slice(1).map((to, index) => ({ from: ring[index] ?? to, to }));
  const side = (edge: (typeof edges)[number], [x, y]: [number, number]): number => {
    const { from, to } = edge;
    return Math.sign((to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]));
  };
  return edges.some((a, index) =>
    edges.slice(index + 1).some((b) => {
      return side(a, b.from) * side(a, b.to) < 0 && side(b, a.from) * side(b, a.to) < 0;
    }),
  );
}

describe('withRightWinding', () => {
  it('turns a clockwise ring round and leaves the other as it is', () => {
    expect(withRightWinding(polygon(...SQUARE.toReversed()))).toEqual(polygon(...SQUARE));
    expect(withRightWinding(polygon(...SQUARE))).toEqual(polygon(...SQUARE));
  });
});
