/**
 * Names of the versions that public pages hang on. A page says what it touches; a change in the database says what it touches
 * (`src/public-versions.ts`); where the two meet, the page is loaded again.
 */
export const versionOf = {
  /** The restaurant itself: its words, hours, state, fees, rating. */
  restaurant: (restaurantId: string) => `restaurant:${restaurantId}`,
  menu: (restaurantId: string) => `menu:${restaurantId}`,
  reviews: (restaurantId: string) => `reviews:${restaurantId}`,
  brand: (brandId: string) => `brand:${brandId}`,
  /** Which restaurants there are under a key of `listKeys`. */
  list: (key: string) => `list:${key}`,
} as const;

/** A row that is gone does not tell whose it was. Every page that shows rows of the kind hangs on this one, too. */
export const GONE = { menu: 'gone:menu', review: 'gone:review' } as const;

/** The menu of one restaurant, prices included. */
export function menuVersions(restaurantId: string): string[] {
  return [versionOf.restaurant(restaurantId), versionOf.menu(restaurantId), GONE.menu];
}

export function reviewVersions(restaurantId: string): string[] {
  return [versionOf.restaurant(restaurantId), versionOf.reviews(restaurantId), GONE.review];
}

/** A list of restaurants by these of the `listKeys`: a change of one that is shown, and of one that would have to be. */
export function listVersions(keys: readonly string[], restaurantIds: readonly string[]): string[] {
  return [...keys.map(versionOf.list), ...restaurantIds.map(versionOf.restaurant)];
}
