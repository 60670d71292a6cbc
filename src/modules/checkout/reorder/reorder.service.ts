import { AppError } from '../../../errors/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { newId } from '../../../shared/ids.ts';
import { addCartLines, getPricedCart, priceCartLines, type PricedCart } from '../../carts/index.ts';
import { findMenuItems } from '../../menu/index.ts';
import { getOrderFor } from '../../orders/index.ts';
import { getRestaurant } from '../../restaurants/index.ts';
import { toCartLine } from '../to-cart-line.ts';

interface Reordered {
  cart: PricedCart;
  /** What was left out, by the name it was ordered under; the reason is the code of the line's first problem. */
  unavailable: { name: string; reason: string }[];
}

/**
 * Puts into the cart what of an order can be ordered now, at today's prices.
 * @throws AppError `not_found` for somebody else's order, `restaurant_unavailable`, `cart_other_restaurant`, `cart_full`
 */
export async function reorder(
  { orderId, replace }: { orderId: string; replace: boolean },
  actor: Actor,
): Promise<Reordered> {
  const { userId } = actor;
  const { customerId, restaurantId, items: ordered } = await getOrderFor(orderId, actor);
  if (customerId !== userId) throw new AppError('not_found');
  const itemIds = [...new Set(ordered.map(({ itemId }) => itemId))];
  const [{ status }, items] = await Promise.all([getRestaurant(restaurantId), findMenuItems(restaurantId, itemIds)]);
  if (status !== 'live') {
    throw new AppError('restaurant_unavailable', { details: { reason: 'not_live', nextOpenAt: null } });
  }
  const wanted = ordered.map((item) => ({ ...toCartLine(item), id: newId() }));
  const judged = priceCartLines(wanted, items);
  const lines = wanted.filter((_, index) => judged[index]?.problems.length === 0);
  const unavailable = judged.flatMap(({ problems: [problem] }, index) =>
    problem === undefined ? [] : [{ name: ordered[index]?.name ?? '', reason: problem.code }],
  );
  const cart =
    lines.length === 0
      ? await getPricedCart(userId)
      : await addCartLines({ userId, restaurantId, lines, isReplacing: replace });
  return { cart, unavailable };
}
