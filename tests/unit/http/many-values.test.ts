import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../src/errors/index.ts';
import { parseRequest, type RequestSchemas } from '../../../src/http/parse-request.ts';
import { setDeliveryRoute } from '../../../src/modules/console/hours-and-areas/hours-and-areas.schema.ts';
import { createItemRoute, setItemOptionsRoute } from '../../../src/modules/menu/editing/editing.schema.ts';

/** Processor time alone: what others do on the machine does not count. Before, the worst of them took 811 ms. */
const MOST_CPU_MS = 150;
const ID = '65f0c0ffee0000000000abcd';

interface Outcome {
  codes: string[];
  cpuMs: number;
}

/** Of three tries the fastest: collecting garbage and compiling come when they like. */
function refusalOf(body: object, schemas: RequestSchemas): Outcome {
  const outcomes = [1, 2, 3].map(() => tryOf(body, schemas));
  return { codes: outcomes[0]?.codes ?? [], cpuMs: Math.min(...outcomes.map(({ cpuMs }) => cpuMs)) };
}

function tryOf(body: object, schemas: RequestSchemas): Outcome {
  const before = process.cpuUsage();
  let codes: string[] = [];
  try {
    parseRequest({ body, params: {}, query: {} } as Request, { ...schemas, params: undefined as never });
  } catch (error) {
    if (!isAppError(error, 'validation_failed')) throw error;
    codes = (error.details as unknown as { code: string; path: string }[]).map(({ code, path }) => `${path}: ${code}`);
  }
  const { user, system } = process.cpuUsage(before);
  return { codes, cpuMs: (user + system) / 1_000 };
}

const list = <T>(length: number, of: (index: number) => T) => Array.from({ length }, (_, index) => of(index));
const emptyGroups = (groups: number, options: number, nested: number) =>
  list(groups, () => ({ options: list(options, () => ({ groups: [{ options: list(nested, () => ({})) }] })) }));

/** A ring of so many points around a small circle. */
function ring(points: number): number[][] {
  const corners = list(points - 1, (index) => {
    const angle = (2 * Math.PI * index) / (points - 1);
    return [73.1 + 0.05 * Math.cos(angle), 15.2 + 0.05 * Math.sin(angle)];
  });
  return [...corners, corners[0] ?? []];
}

const deliveryOf = (areas: number, coordinates: unknown) => ({
  ...{ deliveryRadiusMeters: 5_000, minimumOrderMinor: 0, freeDeliveryOverMinor: null },
  feeBands: [{ upToMeters: 7_000, feeMinor: 100 }],
  areas: list(areas, (index) => ({
    ...{ name: `Area ${index}`, minimumOrderMinor: 0, freeDeliveryOverMinor: null },
    polygon: { type: 'Polygon', coordinates: [coordinates] },
    feeBands: list(30, (band) => ({ upToMeters: 1_000 * (band + 1), feeMinor: 100 })),
  })),
});

describe('a body of many values', () => {
  it.each<[string, { body: object; schemas: RequestSchemas; problem: string }]>([
    [
      '20 x 50 x 24 options of a new dish',
      {
        body: { optionGroups: emptyGroups(20, 50, 20) },
        schemas: createItemRoute.request,
        problem: ': too_many_values',
      },
    ],
    [
      '20 x 50 x 24 options of a dish',
      {
        body: { optionGroups: emptyGroups(20, 50, 24) },
        schemas: setItemOptionsRoute.request,
        problem: ': too_many_values',
      },
    ],
    [
      '1,000 options',
      {
        body: { optionGroups: emptyGroups(20, 50, 0) },
        schemas: setItemOptionsRoute.request,
        problem: ': too_many_values',
      },
    ],
    [
      '400 options',
      {
        body: { optionGroups: emptyGroups(8, 50, 0) },
        schemas: setItemOptionsRoute.request,
        problem: 'optionGroups: custom',
      },
    ],
    [
      '20 areas of 200 wrong points',
      {
        body: deliveryOf(
          20,
          list(200, () => []),
        ),
        schemas: setDeliveryRoute.request,
        problem: 'areas: custom',
      },
    ],
    [
      '5 areas of 200 wrong points',
      {
        body: deliveryOf(
          5,
          list(200, () => []),
        ),
        schemas: setDeliveryRoute.request,
        problem: 'areas.0.polygon.coordinates.0.0: custom',
      },
    ],
    [
      '20 areas of 200 good points',
      { body: deliveryOf(20, ring(200)), schemas: setDeliveryRoute.request, problem: ': too_many_values' },
    ],
    [
      '9,000 keys',
      {
        body: Object.fromEntries(list(9_000, (index) => [`k${index}`, 1])),
        schemas: setItemOptionsRoute.request,
        problem: ': too_many_values',
      },
    ],
  ])('such as %s is refused without much thought', (_, { body, schemas, problem }) => {
    const { codes, cpuMs } = refusalOf(body, schemas);
    expect(codes).toContain(problem);
    expect(codes.length).toBeLessThanOrEqual(20);
    expect(cpuMs).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    [5, 200],
    [20, 50],
  ])('that is honest, %i areas of %i points, is taken as fast', (areas, points) => {
    const { codes, cpuMs } = refusalOf(deliveryOf(areas, ring(points)), setDeliveryRoute.request);
    expect(codes).toEqual([]);
    expect(cpuMs).toBeLessThan(MOST_CPU_MS);
  });

  it('that is honest, the fullest dish there may be, is taken', () => {
    const option = (index: number) => ({
      ...{ id: `${ID.slice(0, 20)}${String(1_000 + index)}`, name: `Option ${index}`, isAvailable: true },
      ...{ price: { amount: 100, currency: 'INR' }, soldOutUntil: null, groups: [] },
    });
    const groups = list(6, (group) => ({
      ...{ name: `Group ${group}`, minSelect: 0, maxSelect: 1 },
      options: list(49, (index) => option(group * 49 + index)),
    }));
    expect(refusalOf({ optionGroups: groups }, setItemOptionsRoute.request).codes).toEqual([]);
  });
});
