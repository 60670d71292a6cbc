import { z } from 'zod';
import {
  defineRoute,
  idSchema,
  moneySchema,
  pageQuery,
  pageSchema,
  pictureSchema,
  pointQuery,
  limitQuery,
} from '../../../http/index.ts';

const MAX_QUERY_LENGTH = 200;
const NEEDS_BOTH = { path: ['lat'], message: 'lat and lng come together' };
const isWholePoint = ({ lat, lng }: { lat?: number | undefined; lng?: number | undefined }) =>
  (lat === undefined) === (lng === undefined);

const text = z.string().trim().min(1).max(MAX_QUERY_LENGTH);
const searchQuery = z
  .strictObject({
    q: text.meta({
      description: 'Words and beginnings of words; all must match, and a mistyped letter is forgiven. Never a pattern.',
      examples: ['biriyani'],
    }),
    ...pointQuery,
    ...pageQuery,
  })
  .refine(isWholePoint, NEEDS_BOTH);
const suggestQuery = z.strictObject({ q: text.meta({ examples: ['bir'] }), limit: limitQuery(8) });

const highlightsSchema = z
  .array(z.strictObject({ start: z.int(), end: z.int() }))
  .meta({ description: 'Parts of the name that were found, in UTF-16 units; `end` is exclusive.' });
const pictureFields = {
  imageUrl: z.url().nullable(),
  picture: pictureSchema.pick({ urlTemplate: true, blurhash: true }).nullable(),
};
const placeFields = { distanceMeters: z.int().nullable(), etaMinutes: z.int().nullable() };

const restaurantHitSchema = z.strictObject({
  kind: z.literal('restaurant'),
  id: idSchema,
  name: z.string(),
  highlights: highlightsSchema,
  slug: z.string(),
  cuisines: z.array(z.string()),
  ...pictureFields,
  rating: z.strictObject({ average: z.number(), count: z.int() }),
  isOpen: z.boolean(),
  ...placeFields,
});
const dishHitSchema = z.strictObject({
  kind: z.literal('dish'),
  id: idSchema,
  name: z.string(),
  highlights: highlightsSchema,
  price: moneySchema.meta({ description: 'Where it comes in sizes, of the cheapest.' }),
  diets: z.array(z.string()),
  ...pictureFields,
  isAvailable: z.boolean(),
  restaurant: z.strictObject({ id: idSchema, name: z.string(), slug: z.string(), isOpen: z.boolean(), ...placeFields }),
});
const hitSchema = z.discriminatedUnion('kind', [restaurantHitSchema, dishHitSchema]).meta({ id: 'SearchHit' });

const suggestionSchema = z
  .strictObject({
    text: z.string(),
    kind: z.enum(['restaurant', 'word']),
    restaurantId: idSchema.nullable(),
  })
  .meta({ id: 'SearchSuggestion' });

export type SearchHitBody = z.output<typeof hitSchema>;

export const searchRoute = defineRoute({
  method: 'get',
  path: '/search',
  operationId: 'search',
  tag: 'Discovery',
  summary: 'Restaurants and dishes by their words, of those that deliver to the point when there is one',
  auth: 'public',
  request: { query: searchQuery },
  responses: { 200: pageSchema(hitSchema) },
  errors: [],
});

export const suggestRoute = defineRoute({
  method: 'get',
  path: '/search/suggest',
  operationId: 'suggest',
  tag: 'Discovery',
  summary: 'Completions of what is being typed',
  auth: 'public',
  request: { query: suggestQuery },
  responses: { 200: z.strictObject({ data: z.array(suggestionSchema) }) },
  errors: [],
});

export const searchContracts = [searchRoute, suggestRoute];
