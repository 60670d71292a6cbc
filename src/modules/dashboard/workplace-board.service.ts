import { DateTime } from 'luxon';
import { dateFrom, nowMs } from '../../shared/clock.ts';
import { money } from '../../shared/money.ts';
import { canStaff } from '../../shared/permissions.ts';
import { countSoldOut } from '../menu/index.ts';
import { countBoards, sumDelivered } from '../orders/index.ts';
import { findRestaurants, type RestaurantSnapshot } from '../restaurants/index.ts';
import { countUnanswered } from '../reviews/index.ts';
import type { Workplace } from '../staff/index.ts';
import type { WorkplaceBody } from './dashboard.schema.ts';

/** The day of each; what was taken only for whom its sums are. As many queries for twenty as for one. */
export async function viewWorkplaces(workplaces: readonly Workplace[]): Promise<WorkplaceBody[]> {
  if (workplaces.length === 0) return [];
  const ids = workplaces.map(({ restaurantId }) => restaurantId);
  const restaurants = new Map((await findRestaurants(ids)).map((restaurant) => [restaurant.id, restaurant]));
  const shown = workplaces.flatMap(({ restaurantId, role }) => {
    const restaurant = restaurants.get(restaurantId);
    return restaurant === undefined ? [] : { restaurant, role };
  });
  const summed = shown.filter(({ role }) => canStaff(role, 'order.totals'));
  const answering = shown.filter(({ role }) => canStaff(role, 'review.reply'));
  const [boards, soldOut, unanswered, takings] = await Promise.all([
    countBoards(ids),
    countSoldOut(ids),
    countUnanswered(answering.map(({ restaurant }) => restaurant.id)),
    sumDelivered(summed.map(({ restaurant }) => ({ restaurantId: restaurant.id, since: midnightAt(restaurant) }))),
  ]);
  return shown.flatMap(({ restaurant, role }) => {
    const { id, name, status, currency } = restaurant;
    const [board, today] = [boards.get(id), takings.get(id)];
    if (board === undefined) return [];
    return {
      ...{ restaurantId: id, name, role, status, ...statesOf(restaurant) },
      orders: board.counts,
      oldestPlacedAt: board.oldestPlacedAt?.toISOString() ?? null,
      soldOutItems: soldOut.get(id) ?? 0,
      unansweredReviews: unanswered.get(id) ?? null,
      today: today === undefined ? null : { orders: today.orders, items: money(today.itemsMinor, currency) },
    };
  });
}

function statesOf({ pausedUntil, busyUntil }: RestaurantSnapshot) {
  return { pausedUntil: pausedUntil?.toISOString() ?? null, busyUntil: busyUntil?.toISOString() ?? null };
}

/** On the restaurant's clock. */
function midnightAt({ timeZone }: RestaurantSnapshot): Date {
  return dateFrom(DateTime.fromMillis(nowMs(), { zone: timeZone }).startOf('day').toMillis());
}
