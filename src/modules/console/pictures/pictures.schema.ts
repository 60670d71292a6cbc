import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { attachBodySchema, attachedImageSchema } from '../../images/index.ts';

const params = z.strictObject({ restaurantId: idSchema });

export const setRestaurantPictureRoute = defineRoute({
  method: 'put',
  path: '/restaurants/{restaurantId}/picture',
  operationId: 'setRestaurantPicture',
  tag: 'Restaurant console',
  summary: 'Show this picture of yours; the one before is removed',
  auth: 'restaurant.edit',
  request: { params, body: attachBodySchema },
  responses: { 200: attachedImageSchema },
  errors: ['not_found', 'image_unusable', 'image_not_found'],
});

export const removeRestaurantPictureRoute = defineRoute({
  method: 'delete',
  path: '/restaurants/{restaurantId}/picture',
  operationId: 'removeRestaurantPicture',
  tag: 'Restaurant console',
  summary: 'Show no picture',
  auth: 'restaurant.edit',
  request: { params },
  responses: { 204: null },
  errors: ['not_found'],
});

export const picturesContracts = [setRestaurantPictureRoute, removeRestaurantPictureRoute];
