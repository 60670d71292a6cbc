import type { mongo } from 'mongoose';
import { now } from '../../../shared/clock.ts';
import { RestaurantModel } from '../restaurant.model.ts';
import { halfLivesAt } from './popularity-score.ts';

/**
 * One more delivered order. Neither the version grows nor `updatedAt`: no edit of the owner's is lost over it. An order that is
 * counted twice, because a worker died in between, moves nobody.
 */
export async function countDeliveredOrder(restaurantId: string): Promise<void> {
  await RestaurantModel.collection.updateOne({ _id: restaurantId as never }, [
    { $set: { popularity: plusOneAt(halfLivesAt(now())) } },
  ]);
}

/** The score of an order more, after `popularity-score.ts`, counted in the database so that two at once both count. */
function plusOneAt(at: number): mongo.Document {
  const gap = { $abs: { $subtract: ['$popularity', at] } };
  const sum = { $log: [{ $add: [1, { $pow: [2, { $multiply: [-1, gap] }] }] }, 2] };
  return { $cond: [{ $lte: ['$popularity', 0] }, at, { $add: [{ $max: ['$popularity', at] }, sum] }] };
}
