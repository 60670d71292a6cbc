import { DateTime } from 'luxon';
import { dateFrom, nowMs } from '../../shared/clock.ts';
import { money } from '../../shared/money.ts';
import { canStaff } from '../../shared/permissions.ts';
import { countSoldOut } from '../menu/index.ts';
import { countBoard, sumDelivered } from '../orders/index.ts';
import { getRestaurant, type RestaurantSnapshot } from '../restaurants/index.ts';
import type { Workplace } from '../staff/index.ts';
import type { WorkplaceBody } from './dashboard.schema.ts';

/** One restaurant's day; what was taken only for whom its sums are. */
export async function viewWorkplace({ restaurantId, role }: Workplace): Promise<WorkplaceBody> {
  const restaurant = await getRestaurant(restaurantId);
  const [board, soldOutItems, today] = await Promise.all([
    countBoard(restaurantId),
    countSoldOut(restaurantId),
    canStaff(role, 'order.totals') ? takingsOfToday(restaurant) : null,
  ]);
  return {
    ...{ restaurantId, name: restaurant.name, role, status: restaurant.status },
    pausedUntil: restaurant.pausedUntil?.toISOString() ?? null,
    busyUntil: restaurant.busyUntil?.toISOString() ?? null,
    orders: board.counts,
    oldestPlacedAt: board.oldestPlacedAt?.toISOString() ?? null,
    ...{ soldOutItems, today },
  };
}

/** Since midnight on the restaurant's clock. */
async function takingsOfToday({ id, timeZone, currency }: RestaurantSnapshot): Promise<WorkplaceBody['today']> {
  const midnight = DateTime.fromMillis(nowMs(), { zone: timeZone }).startOf('day');
  const { orders, itemsMinor } = await sumDelivered(id, dateFrom(midnight.toMillis()));
  return { orders, items: money(itemsMinor, currency) };
}
