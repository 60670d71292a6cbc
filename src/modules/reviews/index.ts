export { exportReviews } from './reviews.queries.ts';
