import { trusted, type QueryFilter } from 'mongoose';
import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { dateFrom } from '../../shared/clock.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { getLiveRestaurant } from '../restaurants/index.ts';
import { findUsers } from '../users/index.ts';
import { REVIEW_INDEXES, ReviewModel, type ReviewRow } from './review.model.ts';

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** With who wrote it, as far as the public may know. */
export interface SignedReview {
  review: ReviewRow;
  /** First name; null once the account is gone. */
  reviewerName: string | null;
}

interface ReviewPage {
  data: SignedReview[];
  nextCursor: string | null;
}

/**
 * What the public may read about a restaurant, newest first.
 * @throws AppError `not_found` unless it is live, `validation_failed` for a cursor of another list
 */
export async function listReviews(restaurantId: string, request: PageRequest): Promise<ReviewPage> {
  await getLiveRestaurant(restaurantId);
  return pageOf({ restaurantId, isHidden: false }, request);
}

/** Of all restaurants or one, those that are to be seen or those that are hidden, newest first. */
export function listAllReviews(
  { restaurantId, isHidden }: { restaurantId?: string | undefined; isHidden: boolean },
  request: PageRequest,
): Promise<ReviewPage> {
  return pageOf(restaurantId === undefined ? { isHidden } : { restaurantId, isHidden }, request);
}

/** The customer's own, hidden or not. @throws AppError `not_found` */
export async function getOrderReview(orderId: string, { userId }: Actor): Promise<SignedReview> {
  const review = await ReviewModel.findOne({ orderId, customerId: userId }).lean<ReviewRow>();
  if (review === null) throw new AppError('not_found');
  return signReview(review);
}

/** Everything that the person has written, newest first. */
export async function exportReviews(customerId: string) {
  const rows = await ReviewModel.find({ customerId }).sort({ _id: -1 }).lean<ReviewRow[]>();
  return rows.map(({ orderId, foodStars, deliveryStars, text, pictures, isHidden, createdAt }) => {
    return { orderId, foodStars, deliveryStars, text, pictures, isHidden, createdAt };
  });
}

export async function signReview(review: ReviewRow): Promise<SignedReview> {
  const [signed] = await sign([review]);
  return signed ?? { review, reviewerName: null };
}

type Filter = Pick<ReviewRow, 'isHidden'> & Partial<Pick<ReviewRow, 'restaurantId'>>;

const positionSchema = z.tuple([z.number(), z.string()]);

async function pageOf(filter: Filter, { limit, cursor }: PageRequest): Promise<ReviewPage> {
  const scope = JSON.stringify(['reviews', filter.restaurantId, filter.isHidden]);
  const rows = await reviewsQuery(filter, cursor === undefined ? null : positionOf(cursor, scope))
    .limit(limit + 1)
    .lean<ReviewRow[]>();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const nextCursor = hasMore ? sealCursor([last.createdAt.getTime(), last._id], scope, config.quotes.secret) : null;
  return { data: await sign(page), nextCursor };
}

function reviewsQuery(filter: Filter, after: { at: Date; id: string } | null) {
  const { ofRestaurant, newest } = REVIEW_INDEXES;
  const before: QueryFilter<ReviewRow> =
    after === null
      ? {}
      : {
          // The range that the index is entered by; the row of the position itself and its equals are sorted out below.
          createdAt: trusted({ $lte: after.at }),
          $or: [{ createdAt: trusted({ $lt: after.at }) }, { _id: trusted({ $lt: after.id }) }],
        };
  return ReviewModel.find({ ...filter, ...before })
    .sort({ createdAt: -1, _id: -1 })
    .hint(filter.restaurantId === undefined ? newest : ofRestaurant);
}

function positionOf(cursor: string, scope: string): { at: Date; id: string } {
  const position = positionSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (position.success) return { at: dateFrom(position.data[0]), id: position.data[1] };
  throw invalidCursor();
}

async function sign(reviews: ReviewRow[]): Promise<SignedReview[]> {
  const users = reviews.length === 0 ? [] : await findUsers(reviews.map(({ customerId }) => customerId));
  const names = new Map(users.filter(({ status }) => status !== 'deleted').map(({ id, name }) => [id, name]));
  return reviews.map((review) => ({ review, reviewerName: firstOf(names.get(review.customerId)) }));
}

function firstOf(name: string | undefined): string | null {
  return name?.trim().split(/\s/u, 1)[0] ?? null;
}
