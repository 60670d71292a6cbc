import { CartModel, type CartRow } from '../../src/modules/carts/cart.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** One line; its items need not exist. */
export function buildCart(changes: Partial<CartRow> = {}): CartRow {
  return {
    _id: newId(),
    restaurantId: newId(),
    lines: [buildCartLine()],
    version: 1,
    updatedAt: now(),
    ...changes,
  };
}

export function buildCartLine(changes: Partial<CartRow['lines'][number]> = {}): CartRow['lines'][number] {
  return { id: newId(), itemId: newId(), quantity: 1, optionIds: [], ...changes };
}

export async function createCart(changes: Partial<CartRow> = {}): Promise<CartRow> {
  const cart = buildCart(changes);
  await CartModel.collection.insertOne({ ...cart } as never);
  return cart;
}
