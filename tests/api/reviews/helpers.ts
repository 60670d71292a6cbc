import { createOrderIn } from '../../factories/order.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import type { OrderRecord, OrderStatus } from '../../../src/modules/orders/index.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';

export interface Meal {
  order: OrderRecord;
  customer: Login;
  owner: Login;
}

/** An order at its end, of a restaurant that nobody has reviewed yet. */
export async function serve(status: OrderStatus = 'delivered'): Promise<Meal> {
  const [customer, owner] = await Promise.all([
    logInAs({ name: 'Asha Rao' }),
    logInAs({ roles: ['customer', 'restaurant'] }),
  ]);
  const order = await createOrderIn(status, { customerId: customer.userId, ownerId: owner.userId });
  await RestaurantModel.updateOne({ _id: order.restaurantId }, { rating: { average: 0, count: 0, sum: 0 } });
  return { order, customer, owner };
}

export async function ratingOf(restaurantId: string): Promise<RestaurantRow['rating'] | undefined> {
  return (await RestaurantModel.findById(restaurantId).lean<RestaurantRow>())?.rating;
}
