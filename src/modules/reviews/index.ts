export { showReviewPicture } from './review-pictures.service.ts';
export { inviteToReview } from './invite-to-review.service.ts';
export { REVIEW_ANSWERED, REVIEW_INVITED, REVIEW_POSTED } from './review.events.ts';
export { countUnanswered, exportReviews, findReview, type SignedReview } from './reviews.queries.ts';
