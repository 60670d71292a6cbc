import { findRestaurants, type RestaurantSnapshot } from '../restaurants/index.ts';
import { findReview, type SignedReview } from '../reviews/index.ts';
import { getPreferences } from '../users/index.ts';
import { appLink } from './app-links.ts';
import { findRecipient, sendOnce, type Letter } from './send-once.service.ts';

/** Up to so many stars somebody is waiting for a word; the others are counted on the owner's dashboard. */
const BAD_STARS = 2;

interface About {
  reviewId: string;
}

interface Told {
  signed: SignedReview;
  restaurant: RestaurantSnapshot;
}

/** To the owner, unless it was hidden or answered meanwhile. */
export async function sendBadReview({ reviewId }: About): Promise<void> {
  const posted = await findReview(reviewId);
  if (posted === null || posted.review.foodStars > BAD_STARS) return;
  const prepare = async () => {
    const told = await findTold(reviewId);
    return told?.signed.review.reply === null ? badReviewLetter(told) : null;
  };
  await sendOnce({ kind: 'review-bad', subjectId: reviewId, prepare });
}

/** To who wrote the review, unless it was hidden meanwhile, or they want no mails about orders. */
export async function sendReviewAnswer({ reviewId }: About): Promise<void> {
  const prepare = async () => {
    const told = await findTold(reviewId);
    return told === null ? null : answerLetter(told);
  };
  await sendOnce({ kind: 'review-answered', subjectId: reviewId, prepare });
}

async function badReviewLetter({ signed, restaurant }: Told): Promise<Letter | null> {
  const recipient = await findRecipient(restaurant.ownerId);
  if (recipient === null) return null;
  const { foodStars, text } = signed.review;
  const [stars, link] = [starsText(foodStars), appLink(`/console/restaurants/${restaurant.id}`)];
  const data = { greeting: recipient.greeting, restaurantName: restaurant.name, stars, text, link };
  return { to: recipient.to, subject: `${restaurant.name}: a review of ${stars}`, data };
}

async function answerLetter({ signed: { review }, restaurant }: Told): Promise<Letter | null> {
  const { customerId, orderId, reply } = review;
  const recipient = await findRecipient(customerId);
  if (recipient === null || reply === null) return null;
  if (!(await getPreferences(customerId)).channels.orderUpdates.email) return null;
  const { to, greeting } = recipient;
  const link = appLink(`/orders/${orderId}`);
  const data = { greeting, restaurantName: restaurant.name, answer: reply.text, link };
  return { to, subject: `${restaurant.name} has answered your review`, data };
}

async function findTold(reviewId: string): Promise<Told | null> {
  const signed = await findReview(reviewId);
  if (signed === null) return null;
  const [restaurant] = await findRestaurants([signed.review.restaurantId]);
  return restaurant === undefined ? null : { signed, restaurant };
}

function starsText(count: number): string {
  return count === 1 ? '1 star' : `${count} stars`;
}
