import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { attachBodySchema, attachedImageSchema } from '../../images/index.ts';

const params = z.strictObject({ itemId: idSchema });

export const setItemPictureRoute = defineRoute({
  method: 'put',
  path: '/items/{itemId}/picture',
  operationId: 'setItemPicture',
  tag: 'Restaurant console',
  summary: 'Show this picture of the dish; the one before is removed',
  auth: 'menu.edit',
  request: { params, body: attachBodySchema },
  responses: { 200: attachedImageSchema },
  errors: ['not_found', 'image_unusable', 'image_not_found'],
});

export const removeItemPictureRoute = defineRoute({
  method: 'delete',
  path: '/items/{itemId}/picture',
  operationId: 'removeItemPicture',
  tag: 'Restaurant console',
  summary: 'Show no picture of the dish',
  auth: 'menu.edit',
  request: { params },
  responses: { 204: null },
  errors: ['not_found'],
});

export const setItemClipRoute = defineRoute({
  method: 'put',
  path: '/items/{itemId}/clip',
  operationId: 'setItemClip',
  tag: 'Restaurant console',
  summary: 'Show this clip of the dish; the one before is removed',
  auth: 'menu.edit',
  request: { params, body: attachBodySchema },
  responses: { 200: attachedImageSchema },
  errors: ['not_found', 'image_unusable', 'image_not_found'],
});

export const removeItemClipRoute = defineRoute({
  method: 'delete',
  path: '/items/{itemId}/clip',
  operationId: 'removeItemClip',
  tag: 'Restaurant console',
  summary: 'Show no clip of the dish',
  auth: 'menu.edit',
  request: { params },
  responses: { 204: null },
  errors: ['not_found'],
});

export const itemPicturesContracts = [
  setItemPictureRoute,
  removeItemPictureRoute,
  setItemClipRoute,
  removeItemClipRoute,
];
