import { createHash } from 'node:crypto';

/**
 * Names of the versions that public pages hang on. A page says what it touches; a change in the database says what it touches
 * (`src/public-versions.ts`); where the two meet, the page is loaded again.
 */
export const versionOf = {
  /** The restaurant itself: its words, hours, state, fees. */
  restaurant: (restaurantId: string) => `restaurant:${restaurantId}`,
  rating: (restaurantId: string) => `rating:${restaurantId}`,
  /** How full its kitchen is: with each order, where orders are counted. */
  slots: (restaurantId: string) => `slots:${restaurantId}`,
  menu: (restaurantId: string) => `menu:${restaurantId}`,
  reviews: (restaurantId: string) => `reviews:${restaurantId}`,
  /** The name over a review. Shared pages hold nobody's id. */
  reviewer: (userId: string) => `reviewer:${createHash('sha256').update(userId).digest('base64url').slice(0, 16)}`,
  brand: (brandId: string) => `brand:${brandId}`,
  /** Which restaurants there are under a key of `listKeys`, as far as anything about them may have changed. */
  list: (key: string) => `list:${key}`,
  /** Only which there are. */
  members: (key: string) => `members:${key}`,
  /** Whose average has crossed a tenth. */
  ranking: (key: string) => `ranking:${key}`,
  /** What only dashboards hang on, which are kept per person: a courier's day, and what the office counts. */
  courier: (userId: string) => `courier:${userId}`,
  office: 'office',
} as const;

/** The menu of one restaurant, prices included. */
export function menuVersions(restaurantId: string): string[] {
  return [versionOf.restaurant(restaurantId), versionOf.menu(restaurantId)];
}

/** The restaurant's page: everything that it says of itself and of this moment. */
export function restaurantVersions(restaurantId: string): string[] {
  return [versionOf.restaurant(restaurantId), versionOf.rating(restaurantId), versionOf.slots(restaurantId)];
}

export function reviewVersions(restaurantId: string, reviewerIds: readonly string[]): string[] {
  return [
    versionOf.restaurant(restaurantId),
    versionOf.reviews(restaurantId),
    ...new Set(reviewerIds.map(versionOf.reviewer)),
  ];
}

interface ShownList {
  /** Of `listKeys`, by which it was asked for. */
  keys: readonly string[];
  shownIds: readonly string[];
  /** Kept off it by a full kitchen alone. */
  fullIds?: readonly string[];
  /** Ratings sort or sift it. */
  isByRating?: boolean;
}

/**
 * A list of restaurants: a change of one that is shown, and of one that would have to be. That a kitchen which is shown has filled up it
 * says by the clock (`nextTurnOf`): an order more must not end every list that shows the restaurant.
 */
export function listVersions({ keys, shownIds, fullIds = [], isByRating = false }: ShownList): string[] {
  return [
    ...keys.map(versionOf.list),
    ...(isByRating ? keys.map(versionOf.ranking) : []),
    ...shownIds.flatMap((id) => [versionOf.restaurant(id), versionOf.rating(id)]),
    ...fullIds.flatMap((id) => [versionOf.restaurant(id), versionOf.slots(id)]),
  ];
}
