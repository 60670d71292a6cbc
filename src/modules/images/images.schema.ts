import { z } from 'zod';
import { defineRoute, idSchema, pictureSchema, timeSchema } from '../../http/index.ts';
import { IMAGE_PURPOSES, IMAGE_REASONS } from './image.model.ts';

const AN_ID = '65f0c0ffee0000000000abcd';
const A_TIME = '2026-11-20T12:30:00.000Z';
const PENDING = {
  id: AN_ID,
  purpose: 'dish' as const,
  status: 'pending' as const,
  reason: null,
  isAwaited: false,
  bytes: 483_120,
  width: 3024,
  height: 4032,
  durationSeconds: null,
  imageUrl: null,
  picture: null,
  clipUrl: null,
  attachedTo: null,
  createdAt: A_TIME,
};

const imageSchema = z
  .strictObject({
    id: idSchema,
    purpose: z.enum(IMAGE_PURPOSES),
    status: z.enum(['pending', 'ready', 'failed']),
    reason: z.enum(IMAGE_REASONS).nullable().meta({ description: 'Why it failed.' }),
    isAwaited: z.boolean().meta({ description: 'A direct upload that has not arrived.' }),
    bytes: z.int(),
    width: z.int(),
    height: z.int(),
    durationSeconds: z.number().nullable(),
    imageUrl: z.url().nullable(),
    picture: pictureSchema.nullable(),
    clipUrl: z.url().nullable(),
    attachedTo: z.strictObject({ kind: z.enum(IMAGE_PURPOSES), id: idSchema }).nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Image', examples: [PENDING] });

const directUploadSchema = z
  .strictObject({
    image: imageSchema,
    url: z.url().meta({ description: 'Send a multipart form with `fields` and the `file` there.' }),
    fields: z.record(z.string(), z.string()),
    maxBytes: z.int(),
    expiresAt: timeSchema,
  })
  .meta({
    id: 'DirectUpload',
    examples: [
      {
        image: { ...PENDING, purpose: 'clip', isAwaited: true, bytes: 0, width: 0, height: 0 },
        url: 'https://api.cloudinary.com/v1_1/qb/video/upload',
        fields: { public_id: `quickbite/${AN_ID}/original`, timestamp: '1795177800', api_key: '…', signature: '…' },
        maxBytes: 26_214_400,
        expiresAt: A_TIME,
      },
    ],
  });

export type ImageBody = z.output<typeof imageSchema>;
export type DirectUploadBody = z.output<typeof directUploadSchema>;

/** The answer of every route that attaches one. */
export const attachedImageSchema = z
  .strictObject({
    imageId: idSchema,
    status: z.enum(['pending', 'ready']).meta({ description: 'While it is pending, nothing is shown yet.' }),
    picture: pictureSchema.nullable(),
    imageUrl: z.url().nullable(),
    clipUrl: z.url().nullable(),
  })
  .meta({
    id: 'AttachedImage',
    examples: [{ imageId: AN_ID, status: 'pending', picture: null, imageUrl: null, clipUrl: null }],
  });

/** The body of every route that attaches one. */
export const attachBodySchema = z.strictObject({ imageId: idSchema }).meta({ examples: [{ imageId: AN_ID }] });

const binary = { override: { type: 'string', format: 'binary' } } as const;
const imageParams = z.strictObject({ imageId: idSchema });

export const createUploadRoute = defineRoute({
  method: 'post',
  path: '/uploads',
  operationId: 'createUpload',
  tag: 'Images',
  summary: 'Upload a picture',
  description:
    'JPEG, PNG, WebP or AVIF, at most 10 MB and 50 megapixels, 16 of an AVIF or with 16 bits a colour. Its sizes are made afterwards: ask again until it is ready. ' +
    'Attach it within a day, or it goes.',
  auth: 'account.use',
  request: {
    body: z
      .strictObject({
        purpose: z.enum(['restaurant', 'dish', 'profile', 'review', 'proof']),
        // Read by its own parser; a text field of this name counts as no file.
        file: z.unknown().optional().meta(binary),
      })
      .meta({ examples: [{ purpose: 'dish' }], override: { required: ['purpose', 'file'] } }),
  },
  bodyTypes: ['multipart/form-data'],
  responses: { 202: imageSchema },
  errors: [
    ...(['bad_request', 'image_type_unsupported', 'image_unusable', 'image_quota_used'] as const),
    ...(['images_unavailable', 'upload_too_slow'] as const),
  ],
});

export const getUploadRoute = defineRoute({
  method: 'get',
  path: '/uploads/{imageId}',
  operationId: 'getUpload',
  tag: 'Images',
  summary: 'What has become of a picture or clip of yours',
  auth: 'account.use',
  request: { params: imageParams },
  responses: { 200: imageSchema },
  errors: ['not_found'],
});

export const deleteUploadRoute = defineRoute({
  method: 'delete',
  path: '/uploads/{imageId}',
  operationId: 'deleteUpload',
  tag: 'Images',
  summary: 'Remove one that is shown nowhere',
  auth: 'account.use',
  request: { params: imageParams },
  responses: { 204: null },
  errors: ['not_found', 'image_in_use'],
});

export const signUploadRoute = defineRoute({
  method: 'post',
  path: '/uploads/signature',
  operationId: 'signUpload',
  tag: 'Images',
  summary: 'Upload a large picture or a clip directly to the image cloud',
  description:
    'A form for one file, good for an hour. A clip of a dish (MP4 or MOV) lasts 30 seconds and has 25 MB at most. ' +
    'Nobody sees it before it was looked at.',
  auth: 'account.use',
  request: {
    body: z.strictObject({ purpose: z.enum(IMAGE_PURPOSES) }).meta({ examples: [{ purpose: 'clip' }] }),
  },
  responses: { 201: directUploadSchema },
  errors: ['image_quota_used', 'images_unavailable'],
});

export const receiveImageCallbackRoute = defineRoute({
  method: 'post',
  path: '/webhooks/images/cloudinary',
  operationId: 'receiveImageCallback',
  tag: 'Images',
  summary: 'Signed callbacks of the image cloud',
  description: 'The raw body is checked against `X-Cld-Signature` and `X-Cld-Timestamp`. Repetitions change nothing.',
  auth: 'public',
  request: {},
  responses: { 200: z.strictObject({ received: z.literal(true), result: z.enum(['taken', 'ignored']) }) },
  errors: ['upload_callback_invalid', 'payload_too_large'],
});

export const imagesContracts = [
  createUploadRoute,
  signUploadRoute,
  getUploadRoute,
  deleteUploadRoute,
  receiveImageCallbackRoute,
];
