import { defineRoute } from '../../http/index.ts';
import { attachBodySchema, attachedImageSchema } from '../images/index.ts';

export const setProfilePictureRoute = defineRoute({
  method: 'put',
  path: '/me/picture',
  operationId: 'setProfilePicture',
  tag: 'Me',
  summary: 'Your picture; the one before is removed',
  auth: 'account.use',
  request: { body: attachBodySchema },
  responses: { 200: attachedImageSchema },
  errors: ['not_found', 'image_unusable', 'image_not_found'],
});

export const removeProfilePictureRoute = defineRoute({
  method: 'delete',
  path: '/me/picture',
  operationId: 'removeProfilePicture',
  tag: 'Me',
  summary: 'No picture of you',
  auth: 'account.use',
  request: {},
  responses: { 204: null },
  errors: [],
});

export const profilePictureContracts = [setProfilePictureRoute, removeProfilePictureRoute];
