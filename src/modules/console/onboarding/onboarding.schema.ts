import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { restaurantConsoleSchema } from '../restaurant-console.schema.ts';
import { furtherFields, knownFields } from '../restaurant-fields.ts';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const TAG = 'Restaurant console';

const DRAFT_EXAMPLE = {
  name: 'Pepper House',
  cuisines: ['north-indian', 'biryani'],
  phone: '+915550100123',
  addressLine: '7 Customs House Road',
  location: { lat: 15.2018, lng: 73.1014 },
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
};

const newRestaurant = z
  .strictObject({ ...knownFields, ...z.strictObject(furtherFields).partial().shape })
  .meta({ examples: [DRAFT_EXAMPLE] });

const restaurantChange = z
  .strictObject({ ...knownFields, ...furtherFields })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ examples: [{ description: 'Cooked when you order.', prepMinutes: 25 }] });

export const createRestaurantRoute = defineRoute({
  method: 'post',
  path: '/restaurants',
  operationId: 'createRestaurant',
  tag: TAG,
  summary: 'Begin with a restaurant of one’s own',
  description:
    'A draft, seen by its staff alone. Whoever makes it owns it and works there from the next request on, without a new log-in. A second ' +
    'draft of the same name at the same address is `already_exists`; ten may be in preparation.',
  auth: 'account.use',
  request: { body: newRestaurant },
  responses: { 201: restaurantConsoleSchema },
  errors: ['not_found', 'already_exists', 'list_full', 'email_not_verified'],
});

export const getRestaurantConsoleRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/console',
  operationId: 'getRestaurantConsole',
  tag: TAG,
  summary: 'Everything about it, as its staff edits it',
  description: 'In any status. The `ETag` is what an edit sends back in `If-Match`.',
  auth: 'restaurant.console',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const updateRestaurantRoute = defineRoute({
  method: 'patch',
  path: '/restaurants/{restaurantId}',
  operationId: 'updateRestaurant',
  tag: TAG,
  summary: 'Change what it says of itself',
  description:
    'What is left out stays. Name, place, time zone, currency, brand, service fee, taxes and tax registration are the owner’s to change; the currency only of a ' +
    'draft without dishes. Name, address and place (beyond 500 meters) change only before approval: an approved restaurant is closed, ' +
    'reopened and submitted anew. A place from which its delivery areas or fee tables would not reach any more is a 400: change those first. ' +
    'A change of these to a restaurant that is no draft goes into the audit log. Orders and quotes that exist keep ' +
    'what they were made with.',
  auth: 'restaurant.edit',
  needsIfMatch: true,
  request: { params: restaurantParams, body: restaurantChange },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'already_exists', 'currency_fixed', 'terms_approved', 'tax_rate_missing'],
});

export const submitRestaurantRoute = defineRoute({
  method: 'post',
  path: '/restaurants/{restaurantId}/submit',
  operationId: 'submitRestaurant',
  tag: TAG,
  summary: 'Hand a draft in for review',
  description:
    'It needs opening hours, tax rates, a fee table or delivery areas where it delivers, and a dish that can be ordered; the details of ' +
    '`restaurant_incomplete` name what is missing. It can still be edited; the review is of the version that the admin has seen.',
  auth: 'restaurant.submit',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'restaurant_incomplete', 'invalid_transition'],
});

export const withdrawRestaurantRoute = defineRoute({
  method: 'post',
  path: '/restaurants/{restaurantId}/withdraw',
  operationId: 'withdrawRestaurant',
  tag: TAG,
  summary: 'Take a submission back',
  auth: 'restaurant.submit',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'invalid_transition'],
});

export const closeRestaurantRoute = defineRoute({
  method: 'post',
  path: '/restaurants/{restaurantId}/close',
  operationId: 'closeRestaurant',
  tag: TAG,
  summary: 'Close it for good, or until it is opened again',
  description:
    'Takes no more orders; those that it has go on. Not while suspended. To pause for an hour is `PUT /restaurants/{restaurantId}/state`.',
  auth: 'restaurant.submit',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'invalid_transition'],
});

export const reopenRestaurantRoute = defineRoute({
  method: 'post',
  path: '/restaurants/{restaurantId}/reopen',
  operationId: 'reopenRestaurant',
  tag: TAG,
  summary: 'Make a draft of a closed restaurant',
  description: 'With everything that it had; it is reviewed again before it is live.',
  auth: 'restaurant.submit',
  request: { params: restaurantParams },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found', 'already_exists', 'list_full', 'invalid_transition'],
});

export const onboardingContracts = [
  createRestaurantRoute,
  getRestaurantConsoleRoute,
  updateRestaurantRoute,
  submitRestaurantRoute,
  withdrawRestaurantRoute,
  closeRestaurantRoute,
  reopenRestaurantRoute,
];
