import { RestaurantModel } from './restaurant.model.ts';

export function ownedQuery(ownerId: string) {
  return RestaurantModel.find({ ownerId }, { _id: 1 }).sort({ _id: 1 }).hint({ ownerId: 1, _id: 1 });
}
