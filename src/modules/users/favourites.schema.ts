import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema, timeSchema } from '../../http/index.ts';

const favouriteSchema = z
  .strictObject({
    restaurant: z.strictObject({
      id: idSchema,
      name: z.string(),
      slug: z.string(),
      cuisines: z.array(z.string()),
      imageUrl: z.url().nullable(),
      rating: z.strictObject({ average: z.number(), count: z.int() }),
      isLive: z.boolean().meta({ description: 'False: it has left QuickBite, or is suspended.' }),
      isOpen: z.boolean().meta({ description: 'Takes orders now.' }),
    }),
    addedAt: timeSchema,
  })
  .meta({
    id: 'Favourite',
    examples: [
      {
        restaurant: {
          id: '65f0c0ffee0000000000abcd',
          name: 'The Saffron Table',
          slug: 'the-saffron-table',
          cuisines: ['north-indian'],
          imageUrl: null,
          rating: { average: 4.6, count: 210 },
          isLive: true,
          isOpen: true,
        },
        addedAt: '2026-11-20T12:30:00.000Z',
      },
    ],
  });

export type FavouriteBody = z.output<typeof favouriteSchema>;

const restaurantParams = z.strictObject({ restaurantId: idSchema });

export const listFavouritesRoute = defineRoute({
  method: 'get',
  path: '/me/favourites',
  operationId: 'listFavourites',
  tag: 'Me',
  summary: 'Favourite restaurants, the last added first',
  auth: 'favourites.use',
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: pageSchema(favouriteSchema) },
  errors: [],
});

export const addFavouriteRoute = defineRoute({
  method: 'put',
  path: '/me/favourites/{restaurantId}',
  operationId: 'addFavourite',
  tag: 'Me',
  summary: 'Make a restaurant a favourite',
  description: 'Again and again is the same as once. A list holds 500 restaurants at most.',
  auth: 'favourites.use',
  request: { params: restaurantParams },
  responses: { 204: null },
  errors: ['not_found', 'list_full'],
});

export const removeFavouriteRoute = defineRoute({
  method: 'delete',
  path: '/me/favourites/{restaurantId}',
  operationId: 'removeFavourite',
  tag: 'Me',
  summary: 'No favourite any more',
  description: 'Again and again is the same as once, also for a restaurant that has left.',
  auth: 'favourites.use',
  request: { params: restaurantParams },
  responses: { 204: null },
  errors: ['not_found'],
});

export const favouritesContracts = [listFavouritesRoute, addFavouriteRoute, removeFavouriteRoute];
