import type { PublicChange, PublicCollection } from './infra/pages/index.ts';
import { GONE, versionOf } from './shared/public-versions.ts';

/** Fields of a restaurant that no page shows, or shows late on purpose: an order more must not end every list of its city. */
const UNSEEN = new Set(['popularity', 'updatedAt', 'version']);
/** Shown where the restaurant is shown, and decides nothing else about a list than its order. */
const SEEN_ON_ITSELF = new Set([...UNSEEN, 'rating']);

/** Which change of which collection ends which public pages: the one table. */
export const publicCollections: readonly PublicCollection[] = [
  { collection: 'restaurants', fields: ['listKeys', 'brandId'], versionsOf: ofRestaurant },
  { collection: 'menu_items', fields: ['restaurantId'], versionsOf: ofMenuItem },
  { collection: 'menu_categories', fields: ['restaurantId'], versionsOf: ofMenuCategory },
  { collection: 'reviews', fields: ['restaurantId'], versionsOf: ofReview },
  { collection: 'kitchen_slots', fields: ['restaurantId'], versionsOf: ofKitchenSlot },
  { collection: 'brands', fields: [], versionsOf: ({ id }) => [versionOf.brand(id)] },
];

/**
 * Lists hang on the restaurants that they show, and on the keys that they ask for. A restaurant that leaves a list was shown there, or
 * is not missed; one that comes, or that a filter might now let in, is announced under all its keys.
 */
function ofRestaurant({ id, changed, document }: PublicChange): string[] {
  if (isWithin(changed, UNSEEN)) return [];
  if (isWithin(changed, SEEN_ON_ITSELF)) return [versionOf.restaurant(id)];
  const keys = (document?.['listKeys'] ?? []) as string[];
  const brandId = document?.['brandId'];
  return [
    versionOf.restaurant(id),
    ...keys.map(versionOf.list),
    ...(typeof brandId === 'string' ? [versionOf.brand(brandId)] : []),
  ];
}

function ofMenuItem({ document }: PublicChange): string[] {
  return document === null ? [GONE.menu] : [versionOf.menu(idIn(document, 'restaurantId'))];
}

function ofMenuCategory({ document }: PublicChange): string[] {
  return document === null ? [GONE.menu] : [versionOf.menu(idIn(document, 'restaurantId'))];
}

function ofReview({ document }: PublicChange): string[] {
  return document === null ? [GONE.review] : [versionOf.reviews(idIn(document, 'restaurantId'))];
}

/** Old ones are swept away, and were shown by nobody. */
function ofKitchenSlot({ document }: PublicChange): string[] {
  return document === null ? [] : [versionOf.restaurant(idIn(document, 'restaurantId'))];
}

function idIn(document: NonNullable<PublicChange['document']>, field: string): string {
  const value = document[field];
  return typeof value === 'string' ? value : '';
}

function isWithin(changed: PublicChange['changed'], fields: ReadonlySet<string>): boolean {
  return changed !== null && [...changed].every((field) => fields.has(field));
}
