import type { ReviewRow } from '../../../src/modules/reviews/review.model.ts';
import { Random } from '../random.ts';
import type { OrderRows } from './log.ts';
import { ADVERSARIAL_TEXTS, HIDDEN_REASONS, REPLIES, reviewText } from './review-texts.ts';
import { rowId } from './row-id.ts';

const SHARE = 0.35;
const REPLIED = 0.25;
const HIDDEN = 0.015;
const MINUTE_MS = 60_000;

export interface Reviewing {
  seed: string;
  /** Nothing is written after this. */
  anchor: Date;
  /** Of the kitchen, from 0 to 1. */
  appeal: number;
  /** Among the reviews; the first ones are the odd ones. */
  number: number;
}

/** What the customer says of a delivered order; null: nothing, or not yet. */
export function reviewOf({ order }: OrderRows, { seed, anchor, appeal, number }: Reviewing): ReviewRow | null {
  const random = new Random(seed, 'review', order._id);
  if (order.status !== 'delivered' || order.endedAt === null || !random.chance(SHARE)) return null;
  const createdAt = new Date(order.endedAt.getTime() + random.whole(20, 2_000) * MINUTE_MS);
  if (createdAt > anchor) return null;
  const foodStars = starsFrom(3.3 + 1.5 * appeal, random);
  const isLate = order.endedAt > order.promisedAt;
  const isHidden = random.chance(HIDDEN);
  const text = ADVERSARIAL_TEXTS[number] ?? reviewText(foodStars, order.currency === 'EUR', random);
  return {
    _id: rowId('review', order._id),
    orderId: order._id,
    restaurantId: order.restaurantId,
    customerId: order.customerId,
    courierId: order.courierId,
    foodStars,
    deliveryStars: random.chance(0.8) ? starsFrom(isLate ? 2.8 : 4.6, random) : null,
    text,
    imageIds: [],
    pictures: [],
    reply: replyOf(order.ownerId, { createdAt, anchor, random }),
    isHidden,
    hiddenReason: isHidden ? random.pick(HIDDEN_REASONS) : null,
    createdAt,
  };
}

interface Replying {
  createdAt: Date;
  anchor: Date;
  random: Random;
}

function replyOf(byUserId: string, { createdAt, anchor, random }: Replying): ReviewRow['reply'] {
  const at = new Date(createdAt.getTime() + random.whole(60, 3_000) * MINUTE_MS);
  return random.chance(REPLIED) && at < anchor ? { text: random.pick(REPLIES), at, byUserId } : null;
}

function starsFrom(mean: number, random: Random): number {
  // The sum of three draws is round enough in the middle.
  const spread = (random.next() + random.next() + random.next() - 1.5) * 2;
  return Math.min(5, Math.max(1, Math.round(mean + spread)));
}
