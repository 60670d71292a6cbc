import { dateFrom } from '../../shared/clock.ts';
import type { CartLine, CartRow } from './cart.model.ts';

export interface Cart {
  customerId: string;
  /** null: the cart is empty. */
  restaurantId: string | null;
  lines: CartLine[];
  couponCode: string | null;
  /** Grows with every change; 0: there never was one. */
  version: number;
  updatedAt: Date;
}

export function toCart(customerId: string, row: CartRow | null): Cart {
  if (row === null) {
    return { customerId, restaurantId: null, lines: [], couponCode: null, version: 0, updatedAt: dateFrom(0) };
  }
  const { lines, couponCode = null, version, updatedAt } = row;
  const restaurantId = lines.length === 0 ? null : row.restaurantId;
  return { customerId, restaurantId, lines, couponCode, version, updatedAt };
}
