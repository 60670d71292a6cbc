import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import * as controller from './reviews.controller.ts';

export const reviewsRouter = createRouter();

const customer = [authenticate, authorize('review.write'), rateLimit('account')];
const restaurant = [authenticate, authorize('review.reply'), rateLimit('account')];
const office = [authenticate, authorize('review.moderate'), rateLimit('admin')];

reviewsRouter.put('/orders/:orderId/review', customer, controller.reviewOrder);
reviewsRouter.get('/orders/:orderId/review', customer, controller.getOrderReview);
reviewsRouter.get('/restaurants/:restaurantId/reviews', publicRoute, rateLimit('browse'), controller.listReviews);
reviewsRouter.post('/reviews/:reviewId/reply', restaurant, controller.replyToReview);

reviewsRouter.get('/admin/reviews', office, controller.listAllReviews);
reviewsRouter.patch('/admin/reviews/:reviewId', office, controller.moderateReview);
