import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { halfLivesAt, popularityOf } from '../../../src/modules/restaurants/popularity/popularity-score.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';

const DAY_MS = 86_400_000;
/** Older orders weigh nothing that a score would show. */
const POPULAR_DAYS = 90;

/**
 * Sets rating and popularity of every restaurant to what its reviews and orders say, as `addRating` and `countDeliveredOrder` would
 * have counted them one by one; what people did beside the sample counts with the rest.
 */
export async function countPast(at: Date): Promise<void> {
  const ratings = await ReviewModel.aggregate<{ _id: string; sum: number; count: number }>([
    { $match: { isHidden: false } },
    { $group: { _id: '$restaurantId', sum: { $sum: '$foodStars' }, count: { $sum: 1 } } },
  ]);
  const halfLivesPerMs = (halfLivesAt(at) - halfLivesAt(new Date(at.getTime() - DAY_MS))) / DAY_MS;
  const halfLives = { $multiply: [{ $subtract: ['$endedAt', at] }, halfLivesPerMs] };
  const orders = await OrderModel.aggregate<{ _id: string; weight: number }>([
    { $match: { status: 'delivered', endedAt: { $gte: new Date(at.getTime() - POPULAR_DAYS * DAY_MS) } } },
    { $group: { _id: '$restaurantId', weight: { $sum: { $pow: [2, halfLives] } } } },
  ]);
  const changes = [
    ...ratings.map(({ _id, sum, count }) => {
      return { _id, $set: { rating: { sum, count, average: Math.floor((sum * 100) / count + 0.5) / 100 } } };
    }),
    ...orders.map(({ _id, weight }) => ({ _id, $set: { popularity: popularityOf(weight, at) } })),
  ];
  if (changes.length === 0) return;
  await RestaurantModel.collection.bulkWrite(
    changes.map(({ _id, $set }) => ({ updateOne: { filter: { _id: _id as never }, update: { $set } } })),
    { ordered: false },
  );
}
