import { money } from '../../shared/money.ts';
import type { getCart } from '../carts/index.ts';
import { TERMINAL_STATUSES, type OrderRecord } from '../orders/index.ts';
import type { RestaurantSnapshot } from '../restaurants/index.ts';
import type { DashboardBody } from './dashboard.schema.ts';

type Customer = NonNullable<DashboardBody['customer']>;
type OrderLine = Customer['openOrders'][number];

const REORDERED = 5;

/** What is under way, and the last ones that were eaten. */
export function toOrderLines(orders: readonly OrderRecord[]): Pick<Customer, 'openOrders' | 'lastOrders'> {
  const isOver = ({ status }: OrderRecord) => TERMINAL_STATUSES.includes(status);
  const eaten = orders.filter(({ status }) => status === 'delivered' || status === 'collected');
  return {
    openOrders: orders.filter((order) => !isOver(order)).map(toLine),
    lastOrders: eaten.slice(0, REORDERED).map(toLine),
  };
}

function toLine(order: OrderRecord): OrderLine {
  const { _id, number, status, deliveryStatus, restaurantId, restaurant, pricing, currency } = order;
  return {
    ...{ id: _id, number, status, deliveryStatus, restaurantId, restaurantName: restaurant.name },
    readyEta: order.readyEta?.toISOString() ?? null,
    promisedAt: order.promisedAt.toISOString(),
    total: money(pricing.totalMinor, currency),
  };
}

export function toFavourite({ restaurant }: { restaurant: RestaurantSnapshot }): Customer['favouritesOpen'][number] {
  const { id, name, slug } = restaurant;
  return { id, name, slug };
}

export function toCartSummary({ restaurantId, lines }: Awaited<ReturnType<typeof getCart>>): Customer['cart'] {
  if (lines.length === 0 || restaurantId === null) return null;
  return { restaurantId, items: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
}
