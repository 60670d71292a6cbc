import { z } from 'zod';
import { lineOfText } from '../../../shared/line-of-text.ts';
import { idSchema } from '../../../http/index.ts';
import { feeTableProblem, inOrder } from './fee-table-rules.ts';
import { polygonProblem, withRightWinding } from './polygon-rules.ts';

/** As far as lists look for who delivers. */
export const MAX_REACH_METERS = 50_000;
const MAX_ROAD_METERS = 100_000;
const MAX_BANDS = 30;
const MAX_AREAS = 20;
const MAX_POINTS = 200;
const MAX_POINTS_IN_ALL = 1_000;
/** Of an honest body: points with their numbers, and as many fee tables as areas. */
export const MAX_DELIVERY_VALUES = 6_000;
/** Ten million minor units. */
const MAX_MINOR = 10_000_000;

const minor = z.int().min(0).max(MAX_MINOR);

const feeBand = z.strictObject({
  upToMeters: z.int().min(1).max(MAX_ROAD_METERS),
  fromSubtotalMinor: minor.optional().meta({ description: 'From this subtotal of the items on.' }),
  feeMinor: minor,
});

const feeBands = (min: number) =>
  z
    .array(feeBand)
    .min(min)
    .max(MAX_BANDS)
    .superRefine((bands, context) => {
      const problem = feeTableProblem(bands);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .transform(inOrder);

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);

/** One wrong point says enough: thousands would be told of one by one. */
function refuseWrongPoint(ring: unknown, context: z.RefinementCtx): unknown {
  const index = Array.isArray(ring) ? ring.findIndex((point) => !isPosition(point)) : -1;
  if (index === -1) return ring;
  context.addIssue({ code: 'custom', path: [index], message: 'must be a longitude and a latitude' });
  return z.NEVER;
}

function isPosition(point: unknown): boolean {
  if (!Array.isArray(point) || point.length !== 2) return false;
  const [lng, lat] = point as [unknown, unknown];
  return isWithin(lng, 180) && isWithin(lat, 90);
}

function isWithin(value: unknown, bound: number): boolean {
  return typeof value === 'number' && Math.abs(value) <= bound;
}

/** Before any of them is looked at. */
function refuseTooManyPoints(areas: unknown, context: z.RefinementCtx): unknown {
  if (countOfPoints(areas) <= MAX_POINTS_IN_ALL) return areas;
  context.addIssue({ code: 'custom', message: `must have ${MAX_POINTS_IN_ALL} points at most, in all` });
  return z.NEVER;
}

function countOfPoints(areas: unknown): number {
  if (!Array.isArray(areas)) return 0;
  const rings = areas.map((area: { polygon?: { coordinates?: [unknown] } } | null) => area?.polygon?.coordinates?.[0]);
  return rings.reduce((sum: number, ring) => sum + (Array.isArray(ring) ? ring.length : 0), 0);
}

/** One ring: an area with a hole in it is two areas. */
const polygon = z
  .strictObject({
    type: z.literal('Polygon'),
    coordinates: z.tuple([z.preprocess(refuseWrongPoint, z.array(position).min(4).max(MAX_POINTS))]),
  })
  .superRefine((given, context) => {
    const problem = polygonProblem(given);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['coordinates'], message: problem });
  })
  .transform(withRightWinding)
  .meta({ description: 'GeoJSON, one closed ring, longitude first.' });

const terms = {
  minimumOrderMinor: minor,
  freeDeliveryOverMinor: minor.nullable().meta({ description: 'Null: delivery is never free.' }),
};

const areaSchema = z.strictObject({
  id: idSchema.optional().meta({ description: 'Of an area that is there; without it, a new one.' }),
  name: lineOfText(60),
  polygon,
  feeBands: feeBands(1),
  ...terms,
});

const SQUARE = [
  [73.09, 15.19],
  [73.11, 15.19],
  [73.11, 15.21],
  [73.09, 15.21],
  [73.09, 15.19],
];
const EXAMPLE_TERMS = {
  minimumOrderMinor: 9900,
  freeDeliveryOverMinor: 80000,
  feeBands: [
    { upToMeters: 2000, feeMinor: 2500 },
    { upToMeters: 7000, feeMinor: 4900 },
    { upToMeters: 7000, fromSubtotalMinor: 50000, feeMinor: 2900 },
  ],
};

export const deliveryBody = z
  .strictObject({
    deliveryRadiusMeters: z.int().min(0).max(MAX_REACH_METERS),
    feeBands: feeBands(0),
    ...terms,
    areas: z.preprocess(
      refuseTooManyPoints,
      z
        .array(areaSchema)
        .max(MAX_AREAS)
        .refine((areas) => areAllDifferent(areas.map(({ name }) => name.toLowerCase())), 'must have different names')
        .refine((areas) => areAllDifferent(areas.flatMap(({ id }) => id ?? [])), 'must name each id once'),
    ),
  })
  .refine(({ areas, feeBands: rows }) => areas.length > 0 || rows.length > 0, {
    path: ['feeBands'],
    message: 'must have a row where there are no areas',
  })
  .meta({
    examples: [
      {
        deliveryRadiusMeters: 5000,
        ...EXAMPLE_TERMS,
        areas: [{ name: 'Old Town', polygon: { type: 'Polygon', coordinates: [SQUARE] }, ...EXAMPLE_TERMS }],
      },
    ],
  });

export type DeliveryInput = z.output<typeof deliveryBody>;

function areAllDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
