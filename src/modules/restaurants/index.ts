export { availabilityOf } from './availability.ts';
export type { RestaurantSnapshot } from './restaurant-snapshot.ts';
export {
  assertOwnsRestaurant,
  getLiveRestaurant,
  getRestaurant,
  listOwnedRestaurantIds,
  prepMinutesAt,
} from './restaurants.service.ts';
