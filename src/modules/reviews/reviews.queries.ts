import { trusted, type QueryFilter } from 'mongoose';
import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, dateFrom, now } from '../../shared/clock.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { getLiveRestaurant } from '../restaurants/index.ts';
import { findUsers } from '../users/index.ts';
import { REVIEW_INDEXES, ReviewModel, type ReviewRow, type ReviewSort } from './review.model.ts';

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

interface StarsView {
  /** Only those with so many for the food. */
  stars?: number | undefined;
  sort: ReviewSort;
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
 * What the public may read about a restaurant.
 * @throws AppError `not_found` unless it is live, `validation_failed` for a cursor of another list
 */
export async function listReviews(restaurantId: string, request: PageRequest & StarsView): Promise<ReviewPage> {
  await getLiveRestaurant(restaurantId);
  return pageOf({ restaurantId, isHidden: false }, request, walksOf(request));
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

/** How many of late wait for a word of each restaurant. Whoever has waited longer has stopped waiting. */
export async function countUnanswered(restaurantIds: readonly string[]): Promise<Map<string, number>> {
  const since = addMs(now(), -WAITING_MS);
  const counted = await ReviewModel.collection
    .aggregate<{
      _id: string;
      count: number;
    }>(
      [
        { $match: { restaurantId: { $in: restaurantIds }, isHidden: false, reply: null, createdAt: { $gte: since } } },
        { $group: { _id: '$restaurantId', count: { $sum: 1 } } },
      ],
      { hint: REVIEW_INDEXES.unanswered },
    )
    .toArray();
  const counts = new Map(counted.map(({ _id, count }) => [_id, count]));
  return new Map(restaurantIds.map((id) => [id, counts.get(id) ?? 0]));
}

/** One that is not hidden. */
export async function findReview(reviewId: string): Promise<SignedReview | null> {
  const review = await ReviewModel.findOne({ _id: reviewId, isHidden: false }).lean<ReviewRow>();
  return review === null ? null : signReview(review);
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
/** Of reviews with so many stars; null: with any number. */
type Walk = number | null;

interface Position {
  walk: Walk;
  at: Date;
  id: string;
}

const WAITING_MS = 30 * 86_400_000;
const ANY_STARS: readonly Walk[] = [null];
const positionSchema = z.tuple([z.number().nullable(), z.number(), z.string()]);

/** Stars are five: each is walked in the order of time, and no index needs to know both orders of stars. */
function walksOf({ stars, sort }: StarsView): readonly Walk[] {
  if (stars !== undefined) return [stars];
  if (sort === 'newest') return ANY_STARS;
  return sort === 'highest' ? [5, 4, 3, 2, 1] : [1, 2, 3, 4, 5];
}

async function pageOf(filter: Filter, { limit, cursor }: PageRequest, walks = ANY_STARS): Promise<ReviewPage> {
  const scope = JSON.stringify(['reviews', filter.restaurantId, filter.isHidden, walks]);
  const after = cursor === undefined ? null : positionOf(cursor, scope);
  const rows = await walkFrom(filter, walks, { after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const nextCursor = hasMore ? sealCursor(keyOf(last, walks), scope, config.quotes.secret) : null;
  return { data: await sign(page), nextCursor };
}

/** One walk after the other, from the position on. */
async function walkFrom(
  filter: Filter,
  walks: readonly Walk[],
  { after, limit }: { after: Position | null; limit: number },
) {
  const rows: ReviewRow[] = [];
  for (const walk of walks.slice(after === null ? 0 : walks.indexOf(after.walk))) {
    const from = after?.walk === walk ? after : null;
    const wanted = limit - rows.length;
    if (wanted > 0) rows.push(...(await reviewsQuery(filter, walk, from).limit(wanted).lean<ReviewRow[]>()));
  }
  return rows;
}

function reviewsQuery(filter: Filter, walk: Walk, after: Position | null) {
  const { ofRestaurant, newest, byStars } = REVIEW_INDEXES;
  const before: QueryFilter<ReviewRow> =
    after === null
      ? {}
      : {
          // The range that the index is entered by; the row of the position itself and its equals are sorted out below.
          createdAt: trusted({ $lte: after.at }),
          $or: [{ createdAt: trusted({ $lt: after.at }) }, { _id: trusted({ $lt: after.id }) }],
        };
  const index = filter.restaurantId === undefined ? newest : ofRestaurant;
  return ReviewModel.find({ ...filter, ...(walk === null ? {} : { foodStars: walk }), ...before })
    .sort({ createdAt: -1, _id: -1 })
    .hint(walk === null ? index : byStars);
}

function keyOf({ foodStars, createdAt, _id }: ReviewRow, walks: readonly Walk[]): z.infer<typeof positionSchema> {
  return [walks === ANY_STARS ? null : foodStars, createdAt.getTime(), _id];
}

function positionOf(cursor: string, scope: string): Position {
  const position = positionSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (!position.success) throw invalidCursor();
  const [walk, atMs, id] = position.data;
  return { walk, at: dateFrom(atMs), id };
}

async function sign(reviews: ReviewRow[]): Promise<SignedReview[]> {
  const users = reviews.length === 0 ? [] : await findUsers(reviews.map(({ customerId }) => customerId));
  const names = new Map(users.filter(({ status }) => status !== 'deleted').map(({ id, name }) => [id, name]));
  return reviews.map((review) => ({ review, reviewerName: firstOf(names.get(review.customerId)) }));
}

function firstOf(name: string | undefined): string | null {
  return name?.trim().split(/\s/u, 1)[0] ?? null;
}
