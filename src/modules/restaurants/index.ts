export { countInReview } from './restaurant-lists.queries.ts';
export { changeRestaurant } from './change-restaurant.service.ts';
export { availabilityOf, type Availability, type UnavailableReason } from './availability.ts';
export { deliveryTermsAt, shownTermsOf } from './delivery-terms.ts';
export { ITEM_UNAVAILABLE_REASONS, itemAvailabilityOf, type ItemUnavailableReason } from './item-availability.ts';
export { fullAt, type SlotCounts } from './kitchen-slots.ts';
export { claimKitchenSlot, findSlotCounts, openKitchenSlot, releaseKitchenSlot } from './kitchen-slots.service.ts';
export {
  findByIds,
  findByWords,
  getListed,
  inPopularOrder,
  rarestOf,
  type FoundRestaurant,
  type WordChoice,
} from './listing/find-listed.service.ts';
export { eachLiveName, findWordsOfLive } from './listing/popular.queries.ts';
export type { ListedRestaurant } from './listing/to-listed.ts';
export { localDateOf, type WeeklySpan } from './opening-hours.ts';
export {
  RESTAURANT_STATUSES,
  canChangeStatus,
  findOfficeCommand,
  statusAfter,
  statusEventOf,
  type OfficeCommand,
  type OwnerCommand,
  type RestaurantStatus,
  type StatusCommand,
} from './restaurant.machine.ts';
export {
  hasStandingBranch,
  isSlugTaken,
  listLiveBranches,
  listRestaurantsByStatus,
  type StatusKey,
} from './restaurant-lists.queries.ts';
export { countPrepared, insertRestaurant, type NewRestaurant } from './insert-restaurant.service.ts';
export { popularityQueue } from './popularity/popularity.jobs.ts';
export { addRating } from './rating.service.ts';
export { nextTurnOf } from './next-turn.ts';
export { ORDER_MODES } from './order-modes.ts';
export type { OrderMode } from './restaurant.model.ts';
export { toRestaurantSnapshot, type RestaurantSnapshot } from './restaurant-snapshot.ts';
export {
  findAvailabilities,
  findOwnerId,
  findRestaurants,
  getLiveRestaurant,
  getRestaurant,
  hasOpenRestaurant,
  listOwnedRestaurantIds,
  prepMinutesAt,
} from './restaurants.service.ts';
export { beginningsOf, highlightsOf, queryTokensOf, wordsOf, type TextRange } from './search-tokens.ts';
export {
  completeWord,
  findSimilarWords,
  forgetWordsBefore,
  learnWords,
  learnWordsAfter,
  type Guess,
} from './words/words.service.ts';
export { untaxedAmong, untaxedOnSale } from './tax-rates.ts';
export type { TaxRegistration } from './tax-registration.ts';
export { slotQuery } from './serving/slot-query.schema.ts';
export { kitchenStartFor, slotFrom, type AskedSlot } from './serving/slots.ts';
export { toAvailabilityView } from './restaurants.presenter.ts';
export { availabilitySchema } from './restaurants.schema.ts';
export { showRestaurantPicture } from './show-picture.service.ts';
export { findZoneAt, type ZoneAt } from './zones.service.ts';
