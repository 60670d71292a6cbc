export { availabilityOf, type Availability, type UnavailableReason } from './availability.ts';
export type { RestaurantSnapshot } from './restaurant-snapshot.ts';
export {
  assertOwnsRestaurant,
  findRestaurantsByIds,
  getLiveRestaurant,
  getRestaurant,
  listOwnedRestaurantIds,
  prepMinutesAt,
} from './restaurants.service.ts';
