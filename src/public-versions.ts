import { LRUCache } from 'lru-cache';
import type { PublicChange, PublicCollection } from './infra/pages/index.ts';
import { versionOf } from './shared/public-versions.ts';

/** Fields of a restaurant that no page shows, or shows late on purpose: an order more must not end every list of its city. */
const UNSEEN = new Set(['popularity', 'updatedAt', 'version']);
/** Shown where the restaurant is shown; which list it is on, and where, hangs on its average alone (`ofRating`). */
const RATING = new Set([...UNSEEN, 'rating']);

/**
 * Which change of which collection ends which public pages: the one table. A row that is gone does not tell whose it was, so a delete
 * ends nothing by itself: every edit of a menu raises its `menus` row in the same transaction; reviews are hidden and never deleted;
 * restaurants are archived. A script that deletes rows by hand is seen when the pages' time is up, within a minute and a half.
 */
export const publicCollections: readonly PublicCollection[] = [
  { collection: 'restaurants', fields: ['listKeys', 'brandId', 'rating'], versionsOf: ofRestaurant },
  { collection: 'menus', fields: [], versionsOf: ({ id }) => [versionOf.menu(id)] },
  // What is sold out, and sold, is no edit of the menu; nor are pictures that are ready.
  { collection: 'menu_items', fields: ['restaurantId'], versionsOf: of('restaurantId', versionOf.menu) },
  { collection: 'menu_categories', fields: ['restaurantId'], versionsOf: of('restaurantId', versionOf.menu) },
  { collection: 'reviews', fields: ['restaurantId'], versionsOf: of('restaurantId', versionOf.reviews) },
  { collection: 'kitchen_slots', fields: ['restaurantId'], versionsOf: of('restaurantId', versionOf.slots) },
  { collection: 'brands', fields: [], versionsOf: ({ id }) => [versionOf.brand(id)] },
  { collection: 'users', fields: [], only: ['name', 'status'], versionsOf: ({ id }) => [versionOf.reviewer(id)] },
  // For dashboards alone. A courier on the road writes every few seconds, which nobody looks at here.
  { collection: 'offers', fields: ['courierId'], only: ['status'], versionsOf: of('courierId', versionOf.courier) },
  {
    collection: 'couriers',
    fields: [],
    only: ['status', 'isOnline', 'activeDeliveryId'],
    versionsOf: ({ id }) => [versionOf.courier(id)],
  },
];

/**
 * Lists hang on the restaurants that they show, and on the keys that they ask for. A restaurant that leaves a list was shown there, or
 * is not missed; one that comes, or that a filter might now let in, is announced under all its keys.
 */
function ofRestaurant({ id, changed, document }: PublicChange): string[] {
  if (isWithin(changed, UNSEEN)) return [];
  const keys = (document?.['listKeys'] ?? []) as string[];
  if (isWithin(changed, RATING)) return ofRating(id, keys, document);
  const brandId = document?.['brandId'];
  const isNew = (field: string) => changed === null || changed.has(field);
  return [
    ...ofRating(id, keys, document),
    versionOf.restaurant(id),
    ...keys.map(versionOf.list),
    ...only(isNew('listKeys'), keys.map(versionOf.members)),
    ...only(isNew('status'), [versionOf.office]),
    ...only(typeof brandId === 'string', [versionOf.brand(String(brandId))]),
  ];
}

function only(isMeant: boolean, names: readonly string[]): readonly string[] {
  return isMeant ? names : [];
}

const MAX_AVERAGES = 50_000;
/** In tenths, as last heard. */
const averages = new LRUCache<string, number>({ max: MAX_AVERAGES });

/**
 * Few stars move an average by a tenth, and `minRating` and the order by ratings move with the tenths: lists by rating stay while the
 * others of their restaurants are rated. Two within one tenth may stand in yesterday's order until the page's time is up.
 */
function ofRating(id: string, keys: readonly string[], document: PublicChange['document']): string[] {
  const { average = 0 } = (document?.['rating'] ?? {}) as { average?: number };
  const tenths = Math.floor(Math.round(average * 100) / 10);
  const isMoved = averages.get(id) !== tenths;
  averages.set(id, tenths);
  return [versionOf.rating(id), ...(isMoved ? keys.map(versionOf.ranking) : [])];
}

function of(field: string, version: (id: string) => string): PublicCollection['versionsOf'] {
  return ({ document }) => {
    const id = document?.[field];
    return typeof id === 'string' ? [version(id)] : [];
  };
}

function isWithin(changed: PublicChange['changed'], fields: ReadonlySet<string>): boolean {
  return changed !== null && [...changed].every((field) => fields.has(field));
}
