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

/** One ring: an area with a hole in it is two areas. */
const polygon = z
  .strictObject({
    type: z.literal('Polygon'),
    coordinates: z.tuple([z.array(position).min(4).max(MAX_POINTS)]),
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
    areas: z
      .array(areaSchema)
      .max(MAX_AREAS)
      .refine((areas) => areAllDifferent(areas.map(({ name }) => name.toLowerCase())), 'must have different names')
      .refine((areas) => areAllDifferent(areas.flatMap(({ id }) => id ?? [])), 'must name each id once'),
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
