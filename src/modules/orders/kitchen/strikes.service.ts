import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { addMs, dateFrom, now } from '../../../shared/clock.ts';
import { changeRestaurant, findRestaurants } from '../../restaurants/index.ts';
import { OrderModel } from '../order.model.ts';

/** Outbox payload: `{ restaurantId, version }`: a restaurant that lets its orders expire was paused, and its owner is to hear of it. */
export const RESTAURANT_PAUSED = 'restaurant.auto_paused';

/** O9: so many orders that nobody answered, within the window, pause a restaurant for as long. */
const STRIKES = 3;
const WINDOW_MS = 3_600_000;

/** Fired after each O9 is committed, so that of several at once the last one sees them all. A restaurant that is paused stays so. */
export async function pauseWhoDoesNotAnswer(restaurantId: string): Promise<void> {
  const at = now();
  if ((await countStrikes(restaurantId, addMs(at, -WINDOW_MS))) < STRIKES) return;
  const [restaurant] = await findRestaurants([restaurantId]);
  if (restaurant?.status !== 'live') return;
  await withTransaction(async (tx) => {
    const { before, after } = await changeRestaurant(tx, { restaurantId }, ({ pausedUntil }) => ({
      pausedUntil: pausedUntil !== null && pausedUntil > at ? pausedUntil : addMs(at, WINDOW_MS),
    }));
    const isNew = before.pausedUntil?.getTime() !== after.pausedUntil?.getTime();
    if (isNew)
      await appendOutbox(tx, [{ event: RESTAURANT_PAUSED, payload: { restaurantId, version: after.version } }]);
  });
}

/** Without it the planner prefers an index that leads through all orders of the restaurant. */
export const STRIKES_INDEX = 'unanswered';

function countStrikes(restaurantId: string, since: Date): Promise<number> {
  return OrderModel.collection.countDocuments(strikesFilter(restaurantId, since), {
    limit: STRIKES,
    hint: STRIKES_INDEX,
  });
}

/** Expired without having been placed is the customer's, not the restaurant's. Exported for the explain test. */
export function strikesFilter(restaurantId: string, since: Date): Record<string, unknown> {
  return { restaurantId, status: 'expired', placedAt: { $gt: dateFrom(0) }, endedAt: { $gt: since } };
}
