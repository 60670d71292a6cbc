import { z } from 'zod';
import {
  defineRoute,
  geoPointSchema,
  idSchema,
  limitQuery,
  moneySchema,
  pageQuery,
  pageSchema,
  pointQuery,
  requiredPointQuery,
  starsQuery,
  wholeNumber,
} from '../../../http/index.ts';
import { ORDER_MODES } from '../order-modes.ts';
import { availabilitySchema } from '../restaurants.schema.ts';
import { LIST_SORTS } from './list-input.ts';

const MAX_RADIUS_METERS = 50_000;
const NEEDS_POINT = 'needs lat and lng';

function slugs(what: string) {
  return z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().regex(/^[a-z0-9-]{1,40}$/, `must be ${what}, comma-separated`)).max(10))
    .transform((list) => [...new Set(list)])
    .optional();
}

const listQuery = z
  .strictObject({
    ...pointQuery,
    radius: wholeNumber(1, MAX_RADIUS_METERS)
      .optional()
      .meta({ description: 'Meters, great-circle.', override: { examples: [3000] } }),
    cuisine: slugs('cuisine slugs').meta({ description: 'Comma means or.', examples: ['north-indian,pizza'] }),
    diet: slugs('diets').meta({ description: 'Comma means and: who asks for two needs both.', examples: ['vegan'] }),
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
    minRating: starsQuery.optional(),
    maxFee: wholeNumber(0, 10_000_000)
      .optional()
      .meta({
        description: 'Delivery fee at the point, in minor units of the restaurant, for its minimum order.',
        override: { examples: [4900] },
      }),
    mode: z
      .enum(ORDER_MODES)
      .optional()
      .meta({ description: 'With a point: delivery, those that deliver there; collection, those within the radius.' }),
    sort: z
      .enum(LIST_SORTS)
      .optional()
      .meta({
        description:
          'Nearest, best rated, soonest there, most ordered first; each has one direction. Without it distance when a point is given, else popularity. ' +
          'By `eta` the nearest 300 that bring something there (or, with mode=collection, have it ready) come soonest first, and those further away ' +
          'after them by distance. Every page but the last has a cursor, also one that is not full. A time of arrival moves with the clock: whose ' +
          'does between two pages may come twice or not at all.',
      }),
    ...pageQuery,
  })
  .refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), {
    path: ['lat'],
    message: 'lat and lng come together',
  })
  .refine(({ lat, radius }) => radius === undefined || lat !== undefined, { path: ['radius'], message: NEEDS_POINT })
  .refine(({ lat, maxFee }) => maxFee === undefined || lat !== undefined, { path: ['maxFee'], message: NEEDS_POINT })
  .refine(({ lat, sort }) => (sort !== 'distance' && sort !== 'eta') || lat !== undefined, {
    path: ['sort'],
    message: NEEDS_POINT,
  });

const popularQuery = z.strictObject({ ...requiredPointQuery, limit: limitQuery(20) });
const cuisinesQuery = z.strictObject(pointQuery).refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), {
  path: ['lat'],
  message: 'lat and lng come together',
});

const cardSchema = z
  .strictObject({
    id: idSchema,
    name: z.string(),
    slug: z.string(),
    cuisines: z.array(z.string()),
    diets: z.array(z.string()),
    modes: z.array(z.enum(ORDER_MODES)),
    imageUrl: z.url().nullable(),
    blurhash: z.string().nullable().meta({ description: 'Of the picture, to be shown until it is there.' }),
    rating: z.strictObject({ average: z.number(), count: z.int() }),
    location: geoPointSchema,
    prepMinutes: z.int(),
    minimumOrder: moneySchema.meta({ description: 'Of the area of the point; without one, the lowest.' }),
    deliveryFeeFrom: moneySchema.meta({ description: 'For the shortest way; the quote has the fee of the address.' }),
    freeDeliveryOver: moneySchema.nullable(),
    deliveryFee: moneySchema.nullable().meta({
      description: 'At the point, for the minimum order. Null without a point, and where it does not deliver.',
    }),
    etaMinutes: z.int().nullable().meta({
      description: 'From the order to the door of the point; with mode=collection, until it can be collected.',
    }),
    distanceMeters: z.int().nullable(),
    availability: availabilitySchema.omit({ timeZone: true }),
  })
  .meta({ id: 'RestaurantCard' });

const cuisineSchema = z.strictObject({ cuisine: z.string(), count: z.int() }).meta({ id: 'CuisineCount' });

export type RestaurantCard = z.output<typeof cardSchema>;
export type ListRestaurantsQuery = z.output<typeof listQuery>;

export const listRestaurantsRoute = defineRoute({
  method: 'get',
  path: '/restaurants',
  operationId: 'listRestaurants',
  tag: 'Discovery',
  summary: 'Restaurants by distance, rating, time of arrival or popularity',
  auth: 'public',
  request: { query: listQuery },
  responses: { 200: pageSchema(cardSchema) },
  errors: [],
});

export const listPopularRestaurantsRoute = defineRoute({
  method: 'get',
  path: '/restaurants/popular',
  operationId: 'listPopularRestaurants',
  tag: 'Discovery',
  summary: 'Ordered most of late among those that deliver to the point',
  auth: 'public',
  request: { query: popularQuery },
  responses: { 200: z.strictObject({ data: z.array(cardSchema) }) },
  errors: [],
});

export const listCuisinesRoute = defineRoute({
  method: 'get',
  path: '/cuisines',
  operationId: 'listCuisines',
  tag: 'Discovery',
  summary: 'Cuisines in use, of those that deliver to the point when there is one, with the number of restaurants',
  auth: 'public',
  request: { query: cuisinesQuery },
  responses: { 200: z.strictObject({ data: z.array(cuisineSchema) }) },
  errors: [],
});

export const listingContracts = [listRestaurantsRoute, listPopularRestaurantsRoute, listCuisinesRoute];
