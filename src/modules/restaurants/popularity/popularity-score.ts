/** An order of so long ago counts half. */
const HALF_LIFE_MS = 7 * 86_400_000;
const EPOCH_MS = Date.UTC(2020, 0, 1);

/**
 * Popularity is the logarithm, to base two and in half-lives since a fixed day, of the orders with their weights. All weights fade by
 * the same factor, so the order of restaurants stays right while nothing is ever rewritten: an old score falls behind by itself.
 */
export function halfLivesAt(at: Date): number {
  return (at.getTime() - EPOCH_MS) / HALF_LIFE_MS;
}

/** The score of so many orders that were all delivered about now; 0, which is behind every other, for none. */
export function popularityOf(orders: number, at: Date): number {
  return orders <= 0 ? 0 : halfLivesAt(at) + Math.log2(orders);
}
