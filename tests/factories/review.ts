import { ReviewModel, type ReviewRow } from '../../src/modules/reviews/review.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** Five stars for the food, four for the courier, to be seen by everybody. */
export function buildReview(changes: Partial<ReviewRow> = {}): ReviewRow {
  return {
    _id: newId(),
    orderId: newId(),
    restaurantId: newId(),
    customerId: newId(),
    courierId: null,
    foodStars: 5,
    deliveryStars: 4,
    text: 'Still warm.',
    imageIds: [],
    pictures: [],
    reply: null,
    isHidden: false,
    hiddenReason: null,
    createdAt: now(),
    ...changes,
  };
}

/** The row alone: what it means for the average is the service's. */
export async function createReview(changes: Partial<ReviewRow> = {}): Promise<ReviewRow> {
  const row = buildReview(changes);
  await new ReviewModel(row).save();
  return row;
}
