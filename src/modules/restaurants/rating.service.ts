import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { RestaurantModel } from './restaurant.model.ts';

/** Of one review that comes (`count` 1) or goes (`count` -1, `stars` negative). */
interface RatingChange {
  stars: number;
  count: 1 | -1;
}

/**
 * Sum and count are kept exactly, whatever comes at once; the average follows from them with two decimals. Neither the version grows
 * nor `updatedAt`: no edit of the owner's is lost over a customer's stars. Last in a transaction, since a popular restaurant's row is
 * where reviews meet.
 * @throws AppError `not_found`
 */
export async function addRating(tx: Tx, restaurantId: string, { stars, count }: RatingChange): Promise<void> {
  const sum = { $add: ['$rating.sum', stars] };
  const total = { $add: ['$rating.count', count] };
  const hundredths = { $divide: [{ $multiply: ['$rating.sum', 100] }, '$rating.count'] };
  const average = { $divide: [{ $floor: { $add: [hundredths, 0.5] } }, 100] };
  const { matchedCount } = await RestaurantModel.collection.updateOne(
    { _id: restaurantId as never },
    [
      { $set: { 'rating.sum': sum, 'rating.count': total } },
      { $set: { 'rating.average': { $cond: [{ $gt: ['$rating.count', 0] }, average, 0] } } },
    ],
    { session: tx },
  );
  if (matchedCount === 0) throw new AppError('not_found');
}
