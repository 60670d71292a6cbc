export { showReviewPicture } from './review-pictures.service.ts';
export { exportReviews } from './reviews.queries.ts';
