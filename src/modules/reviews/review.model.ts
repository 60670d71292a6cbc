import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';

/** What the restaurant answers; once. */
export interface ReviewReply {
  text: string;
  at: Date;
  byUserId: string;
}

/**
 * One per order. Whose name stands over it is asked of the account whenever a page is made, and pages hang on the name
 * (`versionOf.reviewer`), so that a deleted account leaves none behind.
 */
export interface ReviewRow {
  _id: string;
  orderId: string;
  restaurantId: string;
  customerId: string;
  courierId: string | null;
  /** 1 to 5; these make the average of the restaurant. */
  foodStars: number;
  /** Null where nobody brought it, or nothing was said about it. */
  deliveryStars: number | null;
  text: string | null;
  /** In the order of the review; `pictures` holds those of them that are ready. */
  imageIds: string[];
  pictures: Picture[];
  reply: ReviewReply | null;
  /** Hidden by an admin: on no page, and in no average. */
  isHidden: boolean;
  hiddenReason: string | null;
  createdAt: Date;
}

export const MAX_REVIEW_IMAGES = 3;
/** Reviews of as many stars stand newest first. */
export const REVIEW_SORTS = ['newest', 'highest', 'lowest'] as const;
export type ReviewSort = (typeof REVIEW_SORTS)[number];

const stars = {
  type: Number,
  min: 1,
  max: 5,
  validate: (value: number | null) => value === null || Number.isInteger(value),
};
const replySchema = new Schema<ReviewReply>(
  {
    text: { type: String, required: true },
    at: { type: Date, required: true },
    byUserId: { type: String, required: true },
  },
  { _id: false },
);

const reviewSchema = new Schema<ReviewRow>(
  {
    _id: { type: String, default: newId },
    orderId: { type: String, required: true },
    restaurantId: { type: String, required: true },
    customerId: { type: String, required: true },
    courierId: { type: String, default: null },
    foodStars: { ...stars, required: true },
    deliveryStars: { ...stars, default: null },
    text: { type: String, default: null },
    imageIds: { type: [String], default: [] },
    pictures: { type: Schema.Types.Mixed, default: [] },
    reply: { type: replySchema, default: null },
    isHidden: { type: Boolean, default: false },
    hiddenReason: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'reviews', versionKey: false },
);

/** The names that queries hint; an explain test holds each query to its index. */
export const REVIEW_INDEXES = {
  ofRestaurant: 'restaurantId_isHidden_createdAt',
  newest: 'isHidden_createdAt',
  byStars: 'restaurantId_isHidden_foodStars_createdAt',
  unanswered: 'unanswered_restaurantId_createdAt',
} as const;

// One review per order, whatever arrives at once. Serves getOrderReview.
reviewSchema.index({ orderId: 1 }, { unique: true });
// Serves listReviews, and listAllReviews of one restaurant.
reviewSchema.index({ restaurantId: 1, isHidden: 1, createdAt: -1, _id: -1 }, { name: REVIEW_INDEXES.ofRestaurant });
// Serves listReviews of some stars, and by stars: one walk per number of them.
reviewSchema.index(
  { restaurantId: 1, isHidden: 1, foodStars: 1, createdAt: -1, _id: -1 },
  { name: REVIEW_INDEXES.byStars },
);
// Serves countUnanswered.
reviewSchema.index(
  { restaurantId: 1, createdAt: 1 },
  { name: REVIEW_INDEXES.unanswered, partialFilterExpression: { isHidden: false, reply: null } },
);
// Serves listAllReviews.
reviewSchema.index({ isHidden: 1, createdAt: -1, _id: -1 }, { name: REVIEW_INDEXES.newest });
// Serves exportReviews.
reviewSchema.index({ customerId: 1, _id: -1 });

export const ReviewModel = model('Review', reviewSchema);
