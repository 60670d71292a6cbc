import { z } from 'zod';
import {
  defineRoute,
  idSchema,
  pageQuery,
  pageSchema,
  pictureSchema,
  timeSchema,
  wholeNumber,
} from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { MAX_REVIEW_IMAGES, REVIEW_SORTS } from './review.model.ts';

const stars = z.int().min(1).max(5);
const text = lineOfText(1_000);

const REVIEW_EXAMPLE = {
  ...{ id: '65f0c0ffee000000000e71e0', foodStars: 5, deliveryStars: 4, text: 'Still warm, and not shy of pepper.' },
  ...{ pictures: [], reviewerName: 'Asha', reply: { text: 'Come again!', at: '2026-11-21T08:00:00.000Z' } },
  createdAt: '2026-11-20T14:30:00.000Z',
};

const reviewFields = {
  id: idSchema,
  foodStars: stars.meta({ description: 'These make the average of the restaurant.' }),
  deliveryStars: stars.nullable(),
  text: z.string().nullable(),
  pictures: z.array(pictureSchema).meta({ description: 'Those that are ready.' }),
  reviewerName: z.string().nullable().meta({ description: 'First name; null once the account is gone.' }),
  reply: z.strictObject({ text: z.string(), at: timeSchema }).nullable().meta({ description: 'Of the restaurant.' }),
  createdAt: timeSchema,
};

const reviewSchema = z.strictObject(reviewFields).meta({ id: 'Review', examples: [REVIEW_EXAMPLE] });

const ownReviewFields = {
  ...reviewFields,
  orderId: idSchema,
  restaurantId: idSchema,
  customerId: idSchema,
  isHidden: z.boolean().meta({ description: 'By the office: on no page, and in no average.' }),
};

const OWN_REVIEW_EXAMPLE = {
  ...REVIEW_EXAMPLE,
  ...{ orderId: '65f0c0ffee0000000000d0d0', restaurantId: '65f0c0ffee00000000000e57' },
  ...{ customerId: '65f0c0ffee0000000000c057', isHidden: false },
};

const ownReviewSchema = z.strictObject(ownReviewFields).meta({ id: 'OwnReview', examples: [OWN_REVIEW_EXAMPLE] });

const fullReviewSchema = z
  .strictObject({
    ...ownReviewFields,
    hiddenReason: z.string().nullable().meta({ description: 'For the office alone.' }),
  })
  .meta({
    id: 'FullReview',
    examples: [{ ...OWN_REVIEW_EXAMPLE, hiddenReason: null }],
  });

const newReview = z
  .strictObject({
    foodStars: stars,
    deliveryStars: stars.optional().meta({ description: 'Not for an order that was collected.' }),
    text: text.optional(),
    imageIds: z
      .array(idSchema)
      .max(MAX_REVIEW_IMAGES)
      .refine((ids) => new Set(ids).size === ids.length, 'must name each picture once')
      .optional()
      .meta({ description: 'Own uploads for a review, ready or not.' }),
  })
  .meta({ examples: [{ foodStars: 5, deliveryStars: 4, text: 'Still warm, and not shy of pepper.' }] });

const moderation = z
  .strictObject({
    isHidden: z.boolean(),
    reason: lineOfText(300)
      .optional()
      .meta({ description: 'Needed for hiding; kept with the review and in the audit log.' }),
  })
  .refine(({ isHidden, reason }) => !isHidden || reason !== undefined, {
    path: ['reason'],
    message: 'is needed for hiding',
  })
  .meta({ examples: [{ isHidden: true, reason: 'Names a private person' }] });

const listQuery = z.strictObject({
  stars: wholeNumber(1, 5).optional().meta({ description: 'Only those with so many stars for the food.' }),
  sort: z
    .enum(REVIEW_SORTS)
    .default('newest')
    .meta({ description: 'By stars for the food, the most or the fewest first.' }),
  ...pageQuery,
});

const orderParams = z.strictObject({ orderId: idSchema });
const reviewParams = z.strictObject({ reviewId: idSchema });

export type ReviewBody = z.output<typeof reviewSchema>;
export type OwnReviewBody = z.output<typeof ownReviewSchema>;
export type FullReviewBody = z.output<typeof fullReviewSchema>;

export const reviewOrderRoute = defineRoute({
  method: 'put',
  path: '/orders/{orderId}/review',
  operationId: 'reviewOrder',
  tag: 'Reviews',
  summary: 'Say how it was',
  description:
    'Once per order, after it was delivered or collected, and for a month. Not of a restaurant where one works oneself.',
  auth: 'review.write',
  request: { params: orderParams, body: newReview },
  responses: { 201: ownReviewSchema },
  errors: [
    'not_found',
    'order_not_delivered',
    'review_too_late',
    'already_reviewed',
    'image_unusable',
    'image_not_found',
  ],
});

export const getOrderReviewRoute = defineRoute({
  method: 'get',
  path: '/orders/{orderId}/review',
  operationId: 'getOrderReview',
  tag: 'Reviews',
  summary: 'What one has said about an order',
  auth: 'review.write',
  request: { params: orderParams },
  responses: { 200: ownReviewSchema },
  errors: ['not_found'],
});

export const listReviewsRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/reviews',
  operationId: 'listReviews',
  tag: 'Reviews',
  summary: 'What customers say about a restaurant',
  description: 'Newest first; by stars, those of as many stars newest first.',
  auth: 'public',
  request: { params: z.strictObject({ restaurantId: idSchema }), query: listQuery },
  responses: { 200: pageSchema(reviewSchema) },
  errors: ['not_found'],
});

export const replyToReviewRoute = defineRoute({
  method: 'post',
  path: '/reviews/{reviewId}/reply',
  operationId: 'replyToReview',
  tag: 'Reviews',
  summary: 'The restaurant answers, once',
  auth: 'review.reply',
  request: {
    params: reviewParams,
    body: z.strictObject({ text }).meta({ examples: [{ text: 'Thank you. Come again!' }] }),
  },
  responses: { 200: reviewSchema },
  errors: ['not_found', 'already_exists'],
});

export const listAllReviewsRoute = defineRoute({
  method: 'get',
  path: '/admin/reviews',
  operationId: 'listAllReviews',
  tag: 'Administration',
  summary: 'Reviews of all restaurants, newest first',
  auth: 'review.moderate',
  request: {
    query: z.strictObject({
      restaurantId: idSchema.optional(),
      hidden: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: pageSchema(fullReviewSchema) },
  errors: [],
});

export const moderateReviewRoute = defineRoute({
  method: 'patch',
  path: '/admin/reviews/{reviewId}',
  operationId: 'moderateReview',
  tag: 'Administration',
  summary: 'Hide a review with a reason, or show it again',
  description: 'Its stars leave the average of the restaurant with it, and come back with it.',
  auth: 'review.moderate',
  request: { params: reviewParams, body: moderation },
  responses: { 200: fullReviewSchema },
  errors: ['not_found'],
});

export const reviewsContracts = [
  reviewOrderRoute,
  getOrderReviewRoute,
  listReviewsRoute,
  replyToReviewRoute,
  listAllReviewsRoute,
  moderateReviewRoute,
];
