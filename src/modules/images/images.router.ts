import express from 'express';
import {
  authenticate,
  authorize,
  boundUploads,
  createRouter,
  publicRoute,
  rateLimit,
  receiveFile,
} from '../../http/index.ts';
import * as controller from './images.controller.ts';
import { MAX_UPLOAD_BYTES } from './image-limits.ts';

const anybody = [authenticate, authorize('account.use')];

export const imagesRouter = createRouter();

imagesRouter.post('/uploads/signature', anybody, rateLimit('upload'), controller.signUpload);
imagesRouter.get('/uploads/:imageId', anybody, rateLimit('account'), controller.getUpload);
imagesRouter.delete('/uploads/:imageId', anybody, rateLimit('account'), controller.deleteUpload);

/** Mounted before the JSON parser: a file, and a signature over raw bytes. */
export const imageBodiesRouter = createRouter();

imageBodiesRouter.post(
  '/uploads',
  [...anybody, rateLimit('upload'), boundUploads({ total: 8, perAccount: 2 })],
  receiveFile({ field: 'file', maxBytes: MAX_UPLOAD_BYTES }),
  controller.createUpload,
);
imageBodiesRouter.post(
  '/webhooks/images/cloudinary',
  [publicRoute, rateLimit('webhook'), express.raw({ type: 'application/json', limit: '256kb' })],
  controller.receiveImageCallback,
);
