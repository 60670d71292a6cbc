import { inOrder } from './review-pictures.service.ts';
import type { SignedReview } from './reviews.queries.ts';
import type { FullReviewBody, OwnReviewBody, ReviewBody } from './reviews.schema.ts';

/** As the public sees it: no order, no account. */
export function toReviewView({ review, reviewerName }: SignedReview): ReviewBody {
  const { _id: id, foodStars, deliveryStars, text, reply, createdAt } = review;
  return {
    ...{ id, foodStars, deliveryStars, text, reviewerName, pictures: inOrder(review) },
    reply: reply === null ? null : { text: reply.text, at: reply.at.toISOString() },
    createdAt: createdAt.toISOString(),
  };
}

/** As its author sees it: whether it is hidden, and not what the office noted about that. */
export function toOwnReviewView(signed: SignedReview): OwnReviewBody {
  const { orderId, restaurantId, customerId, isHidden } = signed.review;
  return { ...toReviewView(signed), orderId, restaurantId, customerId, isHidden };
}

/** As the office sees it. */
export function toFullReviewView(signed: SignedReview): FullReviewBody {
  return { ...toOwnReviewView(signed), hiddenReason: signed.review.hiddenReason };
}
