import { inOrder } from './review-pictures.service.ts';
import type { SignedReview } from './reviews.queries.ts';
import type { FullReviewBody, ReviewBody } from './reviews.schema.ts';

/** As the public sees it: no order, no account. */
export function toReviewView({ review, reviewerName }: SignedReview): ReviewBody {
  const { _id: id, foodStars, deliveryStars, text, reply, createdAt } = review;
  return {
    ...{ id, foodStars, deliveryStars, text, reviewerName, pictures: inOrder(review) },
    reply: reply === null ? null : { text: reply.text, at: reply.at.toISOString() },
    createdAt: createdAt.toISOString(),
  };
}

/** As its author and the office see it. */
export function toFullReviewView(signed: SignedReview): FullReviewBody {
  const { orderId, restaurantId, customerId, isHidden, hiddenReason } = signed.review;
  return { ...toReviewView(signed), orderId, restaurantId, customerId, isHidden, hiddenReason };
}
