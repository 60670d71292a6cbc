export { availabilityOf } from './availability.ts';
export { deliveryTermsAt, type DeliveryTerms } from './delivery-terms.ts';
export { itemAvailabilityOf, type ItemUnavailableReason } from './item-availability.ts';
export type { WeeklySpan } from './opening-hours.ts';
export type { RestaurantSnapshot } from './restaurant-snapshot.ts';
export {
  findOwnerId,
  findRestaurants,
  getLiveRestaurant,
  getRestaurant,
  hasOpenRestaurant,
  listOwnedRestaurantIds,
  prepMinutesAt,
} from './restaurants.service.ts';
export { findZoneAt, type ZoneAt } from './zones.service.ts';
