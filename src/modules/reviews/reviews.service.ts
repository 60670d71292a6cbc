import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { cancelTimers } from '../../infra/timers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { findOrder, INVITE_TIMER, type OrderRecord } from '../orders/index.ts';
import { addRating } from '../restaurants/index.ts';
import { assertWorksAt, findRoleAt } from '../staff/index.ts';
import { holdAccount } from '../users/index.ts';
import { changeRating } from './change-rating.ts';
import { attachPictures } from './review-pictures.service.ts';
import { REVIEW_ANSWERED, REVIEW_POSTED } from './review.events.ts';
import { ReviewModel, type ReviewReply, type ReviewRow } from './review.model.ts';
import { signReview, type SignedReview } from './reviews.queries.ts';

interface NewReview {
  orderId: string;
  foodStars: number;
  deliveryStars?: number | undefined;
  text?: string | undefined;
  /** Own uploads for a review, ready or on their way. */
  imageIds?: string[] | undefined;
}

/**
 * Once per order, by who ordered it, while it is remembered. The stars for the food go into the restaurant's average in the same
 * transaction; the unique index decides which of two at once is the review.
 * @throws AppError `not_found`, `forbidden` for who works there, `order_not_delivered`, `review_too_late`, `validation_failed`,
 *   `already_reviewed`, `image_unusable`
 */
export async function reviewOrder(input: NewReview, actor: Actor): Promise<SignedReview> {
  const order = await getReviewable(input, actor);
  const review = toRow(input, order);
  try {
    return await signReview(await changeRating(review.restaurantId, (tx) => postReview(tx, review)));
  } catch (error) {
    throw isDuplicateKey(error, 'orderId') ? new AppError('already_reviewed', { cause: error }) : error;
  }
}

async function postReview(tx: Tx, draft: ReviewRow): Promise<ReviewRow> {
  const { _id: reviewId, orderId, restaurantId, customerId, foodStars } = draft;
  await holdAccount(tx, customerId);
  const review = { ...draft, pictures: await attachPictures(tx, draft) };
  await ReviewModel.collection.insertOne(review as never, { session: tx });
  await appendOutbox(tx, [{ event: REVIEW_POSTED, payload: { reviewId, orderId, restaurantId } }]);
  await addRating(tx, restaurantId, { stars: foodStars, count: 1 });
  await cancelTimers(tx, orderId, [INVITE_TIMER]);
  return review;
}

async function getReviewable({ orderId, deliveryStars }: NewReview, { userId }: Actor): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order?.customerId !== userId) throw new AppError('not_found');
  // Nobody judges their own kitchen.
  if ((await findRoleAt(order.restaurantId, userId)) !== null) throw new AppError('forbidden');
  if (order.status !== 'delivered' && order.status !== 'collected') throw new AppError('order_not_delivered');
  const endedAt = order.endedAt ?? order.updatedAt;
  if (now() > addMs(endedAt, config.reviews.windowSeconds * 1000)) throw new AppError('review_too_late');
  if (order.status === 'collected' && deliveryStars !== undefined) {
    const message = 'Nobody brought this order.';
    throw new AppError('validation_failed', { details: [{ path: 'deliveryStars', code: 'not_delivered', message }] });
  }
  return order;
}

function toRow({ foodStars, deliveryStars, text, imageIds = [] }: NewReview, order: OrderRecord): ReviewRow {
  const { _id: orderId, restaurantId, customerId, courierId } = order;
  return {
    ...{ _id: newId(), orderId, restaurantId, customerId, courierId },
    ...{ foodStars, deliveryStars: deliveryStars ?? null, text: text ?? null, imageIds, pictures: [], reply: null },
    ...{ isHidden: false, hiddenReason: null, createdAt: now() },
  };
}

/**
 * The restaurant's word on a review, once; the same word again is no other.
 * @throws AppError `not_found` for who does not work there and for a hidden review, `forbidden`, `already_exists`
 */
export async function replyToReview(
  { reviewId, text }: { reviewId: string; text: string },
  { userId }: Actor,
): Promise<SignedReview> {
  const review = await ReviewModel.findOne({ _id: reviewId, isHidden: false }).lean<ReviewRow>();
  if (review === null) throw new AppError('not_found');
  await assertWorksAt(review.restaurantId, userId, 'review.reply');
  const reply = { text, at: now(), byUserId: userId };
  const isFirst = await withTransaction((tx) => storeReply(tx, reviewId, reply));
  return signReview(isFirst ? { ...review, reply } : await getAnswered(reviewId, text));
}

async function storeReply(tx: Tx, reviewId: string, reply: ReviewReply): Promise<boolean> {
  const { matchedCount } = await ReviewModel.collection.updateOne(
    { _id: reviewId as never, isHidden: false, reply: null },
    { $set: { reply } },
    { session: tx },
  );
  if (matchedCount === 0) return false;
  await appendOutbox(tx, [{ event: REVIEW_ANSWERED, payload: { reviewId } }]);
  return true;
}

async function getAnswered(reviewId: string, text: string): Promise<ReviewRow> {
  const review = await ReviewModel.findOne({ _id: reviewId, isHidden: false }).lean<ReviewRow>();
  if (review === null) throw new AppError('not_found');
  if (review.reply?.text !== text) throw new AppError('already_exists');
  return review;
}
