import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { addRating } from '../restaurants/index.ts';
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
  return signReview(await withTransaction((tx) => moderate(tx, moderation)));
}

async function moderate(tx: Tx, { reviewId, isHidden, reason }: Moderation): Promise<ReviewRow> {
  const hiddenReason = isHidden ? (reason ?? null) : null;
  const before = (await ReviewModel.collection.findOneAndUpdate(
    { _id: reviewId as never, isHidden: !isHidden },
    { $set: { isHidden, hiddenReason } },
    { session: tx, returnDocument: 'before' },
  )) as ReviewRow | null;
  if (before === null) return getReview(tx, reviewId);
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

async function getReview(tx: Tx, reviewId: string): Promise<ReviewRow> {
  const review = await ReviewModel.findById(reviewId).session(tx).lean<ReviewRow>();
  if (review === null) throw new AppError('not_found');
  return review;
}
