import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { moderateReview } from '../../../src/modules/reviews/moderation.service.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';
import { reviewOrder } from '../../../src/modules/reviews/reviews.service.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';
import { customerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

const REVIEWERS = 40;

beforeAll(() => bootstrap());
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

async function deliveredOrders(restaurantId: string, count: number) {
  const endedAt = addMs(now(), -60_000);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const { _id: customerId } = await createUser();
      const order = { ...buildDeliveredOrder(), restaurantId, customerId, endedAt };
      await new OrderModel(order).save();
      return order;
    }),
  );
}

/** What the reviews that are to be seen add up to. */
async function recount(restaurantId: string): Promise<RestaurantRow['rating']> {
  const stars = (await ReviewModel.find({ restaurantId, isHidden: false }).lean()).map(({ foodStars }) => foodStars);
  const sum = stars.reduce((total, one) => total + one, 0);
  return { sum, count: stars.length, average: Math.round((sum / stars.length) * 100) / 100 };
}

async function storedRating(restaurantId: string): Promise<RestaurantRow['rating'] | undefined> {
  return (await RestaurantModel.findById(restaurantId).lean<RestaurantRow>())?.rating;
}

describe('the average of a restaurant', () => {
  it('of forty reviews at once, some hidden and shown meanwhile, is what a recount says', async () => {
    const { _id: restaurantId } = await createRestaurant({ rating: { average: 0, count: 0, sum: 0 } });
    const orders = await deliveredOrders(restaurantId, REVIEWERS);
    const posted = await Promise.all(
      orders.map(async (order, index) => {
        const input = { orderId: order._id, foodStars: 1 + ((index * 7) % 5) };
        const { review } = await reviewOrder(input, customerActor(order));
        const reviewId = review._id;
        if (index % 3 === 0) await moderateReview({ reviewId, isHidden: true, reason: 'Spam' });
        if (index % 6 === 0) await moderateReview({ reviewId, isHidden: false });
        return reviewId;
      }),
    );
    expect(new Set(posted).size).toBe(REVIEWERS);
    const rating = await storedRating(restaurantId);
    expect(rating).toEqual(await recount(restaurantId));
    expect(rating?.count).toBe(REVIEWERS - 7);
    // Three at once each, of which one counts.
    const all = posted.slice(0, 12).flatMap((reviewId) => [reviewId, reviewId, reviewId]);
    await Promise.all(all.map((reviewId) => moderateReview({ reviewId, isHidden: true, reason: 'Spam' })));
    expect(await storedRating(restaurantId)).toEqual(await recount(restaurantId));
    await Promise.all(all.map((reviewId) => moderateReview({ reviewId, isHidden: false })));
    expect(await storedRating(restaurantId)).toEqual(await recount(restaurantId));
  }, 60_000);
});

describe('a review', () => {
  it('of one order, sent twenty times at once, is there once and counts once', async () => {
    const { _id: restaurantId } = await createRestaurant({ rating: { average: 0, count: 0, sum: 0 } });
    const [order] = await deliveredOrders(restaurantId, 1);
    if (order === undefined) throw new Error('no order');
    const actor = customerActor(order);
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => reviewOrder({ orderId: order._id, foodStars: 1 + (index % 5) }, actor)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = tries.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: unknown }).code] : []));
    expect(new Set(codes)).toEqual(new Set(['already_reviewed']));
    expect(await storedRating(restaurantId)).toEqual(await recount(restaurantId));
    expect((await storedRating(restaurantId))?.count).toBe(1);
  }, 30_000);
});
