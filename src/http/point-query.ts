import { z } from 'zod';

/** Not `z.coerce`: that would read an empty value as the equator. */
function decimal(min: number, max: number, example: string) {
  return z
    .string()
    .regex(/^-?\d{1,9}(\.\d{1,15})?$/, 'must be a decimal number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .meta(asNumber({ type: 'number', minimum: min, maximum: max }, example));
}

/** Text on the wire of a query, a number for whoever reads the document. */
function asNumber(schema: { type: 'number'; minimum: number; maximum: number }, example: string) {
  return {
    examples: [example],
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema['pattern'];
      Object.assign(jsonSchema, schema, { examples: [Number(example)] });
    },
  };
}

/** A place on earth as two keys of a query. */
export const requiredPointQuery = { lat: decimal(-90, 90, '15.2003'), lng: decimal(-180, 180, '73.1004') };
export const pointQuery = { lat: requiredPointQuery.lat.optional(), lng: requiredPointQuery.lng.optional() };
export const starsQuery = decimal(0, 5, '4.5');
