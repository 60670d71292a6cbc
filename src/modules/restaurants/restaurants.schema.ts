import { z } from 'zod';
import {
  defineRoute,
  geoPointSchema,
  idSchema,
  moneySchema,
  pageQuery,
  pageSchema,
  timeSchema,
  wholeNumber,
} from '../../http/index.ts';
import { UNAVAILABLE_REASONS } from './availability.ts';

/** Not `z.coerce`: that would read an empty value as the equator. */
function decimal(min: number, max: number, example: string) {
  return z
    .string()
    .regex(/^-?\d{1,9}(\.\d{1,15})?$/, 'must be a decimal number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .optional()
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

const pointQuery = { lat: decimal(-90, 90, '15.2003'), lng: decimal(-180, 180, '73.1004') };

const MAX_RADIUS_METERS = 50_000;
const NEEDS_BOTH = 'lat and lng come together';

const restaurantParams = z.strictObject({ restaurantId: idSchema });

const listQuery = z
  .strictObject({
    ...pointQuery,
    radius: wholeNumber(1, MAX_RADIUS_METERS)
      .optional()
      .meta({ description: 'Meters.', override: { examples: [3000] } }),
    cuisine: z
      .string()
      .max(200)
      .meta({ examples: ['north-indian,pizza'] })
      .transform((text) => text.split(','))
      .pipe(z.array(z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be cuisine slugs, comma-separated')).max(10))
      .optional()
      .meta({ description: 'Comma means or.' }),
    q: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .optional()
      .meta({ description: 'Beginnings of words of the name or cuisine; all must match.', examples: ['saff'] }),
    openNow: z
      .enum(['true', 'false'])
      .meta({ examples: ['true'] })
      .transform((text) => text === 'true')
      .optional(),
    ...pageQuery,
  })
  .refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), { path: ['lat'], message: NEEDS_BOTH })
  .refine(({ lat, radius }) => radius === undefined || lat !== undefined, {
    path: ['radius'],
    message: 'needs lat and lng',
  });

const availabilityQuery = z
  .strictObject(pointQuery)
  .refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), { path: ['lat'], message: NEEDS_BOTH });

const availabilityFields = {
  isOpen: z.boolean().meta({ description: 'Takes orders now, for the given point when there is one.' }),
  reason: z.enum(UNAVAILABLE_REASONS).nullable(),
  isBusy: z.boolean().meta({ description: 'Open, but the kitchen takes longer than usual.' }),
  nextOpenAt: timeSchema.nullable(),
  openUntil: timeSchema.nullable().meta({ description: 'Null when not open, and when it never closes.' }),
  timeZone: z.string().meta({ examples: ['Asia/Kolkata'] }),
};

const availabilitySchema = z.strictObject(availabilityFields).meta({ id: 'Availability' });
const availabilityAtSchema = z
  .strictObject({ ...availabilityFields, at: timeSchema.meta({ description: 'The instant it was decided for.' }) })
  .meta({
    id: 'AvailabilityAt',
    examples: [
      {
        isOpen: false,
        reason: 'closed_hours',
        isBusy: false,
        nextOpenAt: '2026-11-20T13:30:00.000Z',
        openUntil: null,
        timeZone: 'Asia/Kolkata',
        at: '2026-11-20T10:00:00.000Z',
      },
    ],
  });

const cardFields = {
  id: idSchema,
  name: z.string(),
  slug: z.string(),
  cuisines: z.array(z.string()),
  diets: z.array(z.string()),
  imageUrl: z.url().nullable(),
  rating: z.strictObject({ average: z.number(), count: z.int() }),
  location: geoPointSchema,
  prepMinutes: z.int(),
  minimumOrder: moneySchema,
  deliveryFeeFrom: moneySchema.meta({ description: 'For the shortest way; the quote has the fee of the address.' }),
  freeDeliveryOver: moneySchema.nullable(),
};

const cardSchema = z
  .strictObject({ ...cardFields, distanceMeters: z.int().nullable(), availability: availabilitySchema })
  .meta({ id: 'RestaurantCard' });

const spanFields = {
  opens: z.string().meta({ examples: ['12:00'] }),
  closes: z.string().meta({ examples: ['23:30'] }),
};

const restaurantSchema = z
  .strictObject({
    ...cardFields,
    description: z.string(),
    phone: z.string(),
    addressLine: z.string(),
    timeZone: z.string(),
    currency: z.string().length(3),
    deliveryRadiusMeters: z.int(),
    deliveryFees: z.array(z.strictObject({ upToMeters: z.int(), fee: moneySchema })),
    serviceFee: moneySchema,
    pricesIncludeTax: z.boolean(),
    hours: z
      .array(z.strictObject({ weekday: z.int().min(1).max(7), ...spanFields }))
      .meta({ description: 'Local time; 1 is Monday. A span that closes before it opens ends on the next day.' }),
    exceptions: z
      .array(
        z.strictObject({ date: z.iso.date(), spans: z.array(z.strictObject(spanFields)), note: z.string().nullable() }),
      )
      .meta({ description: 'From today on; no spans means closed.' }),
    availability: availabilitySchema,
  })
  .meta({ id: 'Restaurant' });

export type RestaurantCard = z.output<typeof cardSchema>;
export type RestaurantBody = z.output<typeof restaurantSchema>;
export type AvailabilityBody = z.output<typeof availabilitySchema>;
export type ListRestaurantsQuery = z.output<typeof listQuery>;

export const listRestaurantsRoute = defineRoute({
  method: 'get',
  path: '/restaurants',
  operationId: 'listRestaurants',
  tag: 'Discovery',
  summary: 'Restaurants, nearest first when a point is given',
  auth: 'public',
  request: { query: listQuery },
  responses: { 200: pageSchema(cardSchema) },
  errors: [],
});

export const getRestaurantRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}',
  operationId: 'getRestaurant',
  tag: 'Discovery',
  summary: 'One restaurant',
  auth: 'public',
  request: { params: restaurantParams },
  responses: { 200: restaurantSchema },
  errors: ['not_found'],
});

export const getAvailabilityRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/availability',
  operationId: 'getAvailability',
  tag: 'Discovery',
  summary: 'Does it take orders now, why not, and when again',
  auth: 'public',
  request: { params: restaurantParams, query: availabilityQuery },
  responses: { 200: availabilityAtSchema },
  errors: ['not_found'],
});

export const restaurantsContracts = [listRestaurantsRoute, getRestaurantRoute, getAvailabilityRoute];
