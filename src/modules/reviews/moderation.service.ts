import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { addRating } from '../restaurants/index.ts';
import { changeRating } from './change-rating.ts';
import { ReviewModel, type ReviewRow } from './review.model.ts';
import { signReview, type SignedReview } from './reviews.queries.ts';

interface Moderation {
  reviewId: string;
  isHidden: boolean;
  /** There for hiding. */
  reason?: string | undefined;
}

/**
 * Takes a review and its stars away, or puts both back. What it already is changes nothing, so that of two at once one counts.
 * @throws AppError `not_found`
 */
export async function moderateReview(moderation: Moderation): Promise<SignedReview> {
  const { restaurantId } = await getReview(moderation.reviewId);
  return signReview(await changeRating(restaurantId, (tx) => moderate(tx, moderation)));
}

async function moderate(tx: Tx, { reviewId, isHidden, reason }: Moderation): Promise<ReviewRow> {
  const hiddenReason = isHidden ? (reason ?? null) : null;
  const before = (await ReviewModel.collection.findOneAndUpdate(
    { _id: reviewId as never, isHidden: !isHidden },
    { $set: { isHidden, hiddenReason } },
    { session: tx, returnDocument: 'before' },
  )) as ReviewRow | null;
  if (before === null) return getReview(reviewId, tx);
  await recordAudit(tx, {
    ...{ event: isHidden ? 'review.hidden' : 'review.shown', subjectId: reviewId },
    ...(reason === undefined ? {} : { reason }),
    ...{ before: { isHidden: !isHidden }, after: { isHidden } },
  });
  await addRating(tx, before.restaurantId, change(before.foodStars, isHidden));
  return { ...before, isHidden, hiddenReason };
}

function change(stars: number, isHidden: boolean) {
  return isHidden ? ({ stars: -stars, count: -1 } as const) : ({ stars, count: 1 } as const);
}

async function getReview(reviewId: string, tx: Tx | null = null): Promise<ReviewRow> {
  const review = await ReviewModel.findById(reviewId).session(tx).lean<ReviewRow>();
  if (review === null) throw new AppError('not_found');
  return review;
}
