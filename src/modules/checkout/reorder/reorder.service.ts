import { AppError } from '../../../errors/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { newId } from '../../../shared/ids.ts';
import { addCartLines, findMenuThen, getPricedCart, priceCartLines, type PricedCart } from '../../carts/index.ts';
import { getOrderFor } from '../../orders/index.ts';
import { toCartLine } from '../to-cart-line.ts';

interface Reordered {
  cart: PricedCart;
  /** What was left out, by the name it was ordered under; the reason is the code of the line's first problem. */
  unavailable: { name: string; reason: string }[];
}

interface ReorderInput {
  orderId: string;
  replace: boolean;
  /** As of the cart. */
  slot?: Date | undefined;
}

/**
 * Puts into the cart what of an order can be ordered, now or for the slot, at today's prices.
 * @throws AppError `not_found` for somebody else's order, `restaurant_unavailable`, `cart_other_restaurant`, `cart_full`, `slot_unavailable`
 */
export async function reorder({ orderId, replace, slot }: ReorderInput, actor: Actor): Promise<Reordered> {
  const { userId } = actor;
  const { customerId, restaurantId, items: ordered } = await getOrderFor(orderId, actor);
  if (customerId !== userId) throw new AppError('not_found');
  const itemIds = ordered.map(({ itemId }) => itemId);
  const { restaurant, items } = await findMenuThen({ restaurantId, itemIds, slot });
  if (restaurant.status !== 'live') {
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
      ? await getPricedCart(userId, slot)
      : await addCartLines({ userId, restaurantId, lines, isReplacing: replace, slot });
  return { cart, unavailable };
}
