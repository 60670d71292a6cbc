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

/** Eight of the largest at once; 21 kB a second is what a poor telephone line still does. */
const UPLOAD_BOUNDS = {
  heldBytes: 8 * MAX_UPLOAD_BYTES,
  perAccount: 2,
  pace: { bytes: 64 * 1024, withinMs: 3_000 },
};

const anybody = [authenticate, authorize('account.use')];

export const imagesRouter = createRouter();

imagesRouter.post('/uploads/signature', anybody, rateLimit('upload'), controller.signUpload);
imagesRouter.get('/uploads/:imageId', anybody, rateLimit('account'), controller.getUpload);
imagesRouter.delete('/uploads/:imageId', anybody, rateLimit('account'), controller.deleteUpload);

/** Mounted before the JSON parser: a file, and a signature over raw bytes. */
export const imageBodiesRouter = createRouter();

imageBodiesRouter.post(
  '/uploads',
  [...anybody, rateLimit('upload'), boundUploads(UPLOAD_BOUNDS)],
  receiveFile({ field: 'file', maxBytes: MAX_UPLOAD_BYTES }),
  controller.createUpload,
);
imageBodiesRouter.post(
  '/webhooks/images/cloudinary',
  [publicRoute, rateLimit('webhook'), express.raw({ type: 'application/json', limit: '256kb' })],
  controller.receiveImageCallback,
);
