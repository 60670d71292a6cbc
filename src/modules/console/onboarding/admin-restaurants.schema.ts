import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema } from '../../../http/index.ts';
import { lineOfText } from '../../../shared/line-of-text.ts';
import { RESTAURANT_STATUSES } from '../../restaurants/index.ts';
import { managedRestaurantSchema, restaurantConsoleSchema } from '../restaurant-console.schema.ts';

const restaurantParams = z.strictObject({ restaurantId: idSchema });

const statusChange = z
  .strictObject({
    status: z.enum(['draft', 'live', 'suspended', 'archived']).meta({
      description:
        '`live` approves what is in review, or reinstates what is suspended; `draft` refuses what is in review.',
    }),
    reason: lineOfText(300).optional().meta({
      description: 'Needed for all but `live`. Its owner reads it, in the mail and in the console.',
    }),
  })
  .refine(({ status, reason }) => status === 'live' || reason !== undefined, {
    path: ['reason'],
    message: 'is needed for all but live',
  })
  .meta({ examples: [{ status: 'live' }, { status: 'draft', reason: 'The address is not on any map.' }] });

export const listManagedRestaurantsRoute = defineRoute({
  method: 'get',
  path: '/admin/restaurants',
  operationId: 'listManagedRestaurants',
  tag: 'Administration',
  summary: 'Restaurants by status',
  description: '`in_review` lists who waits the longest first; everything else comes newest first.',
  auth: 'restaurants.manage',
  request: { query: z.strictObject({ ...pageQuery, status: z.enum(RESTAURANT_STATUSES).optional() }) },
  responses: { 200: pageSchema(managedRestaurantSchema) },
  errors: [],
});

export const getManagedRestaurantRoute = defineRoute({
  method: 'get',
  path: '/admin/restaurants/{restaurantId}',
  operationId: 'getManagedRestaurant',
  tag: 'Administration',
  summary: 'Everything about a restaurant, in any status',
  auth: 'restaurants.manage',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const setRestaurantStatusRoute = defineRoute({
  method: 'put',
  path: '/admin/restaurants/{restaurantId}/status',
  operationId: 'setRestaurantStatus',
  tag: 'Administration',
  summary: 'Approve, refuse, suspend, reinstate or archive',
  description:
    'Decides about the version that was looked at. The owner gets a mail with the reason. A suspended or archived restaurant takes no more ' +
    'orders; those that it has go on. With the first approval the address becomes the plain one of the name, unless another restaurant has ' +
    'it; a branch of a brand whose name customers know from another brand is a 409.',
  auth: 'restaurants.manage',
  needsIfMatch: true,
  request: { params: restaurantParams, body: statusChange },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'restaurant_incomplete', 'invalid_transition', 'already_exists'],
});

export const setRestaurantCommissionRoute = defineRoute({
  method: 'put',
  path: '/admin/restaurants/{restaurantId}/commission',
  operationId: 'setRestaurantCommission',
  tag: 'Administration',
  summary: 'Agree another commission',
  description: 'Of orders placed from now on; its owner sees it in the console.',
  auth: 'restaurants.manage',
  needsIfMatch: true,
  request: {
    params: restaurantParams,
    body: z
      .strictObject({
        commissionBasisPoints: z.int().min(0).max(5_000).meta({ description: 'Of the items; 2000 is 20 %.' }),
      })
      .meta({ examples: [{ commissionBasisPoints: 1_500 }] }),
  },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'own_side'],
});

export const adminRestaurantsContracts = [
  listManagedRestaurantsRoute,
  getManagedRestaurantRoute,
  setRestaurantStatusRoute,
  setRestaurantCommissionRoute,
];
