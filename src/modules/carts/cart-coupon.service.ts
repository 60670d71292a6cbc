import { AppError } from '../../errors/index.ts';
import { now } from '../../shared/clock.ts';
import { couponRefused } from '../promotions/index.ts';
import { CartModel, type CartRow } from './cart.model.ts';
import { getCart } from './carts.service.ts';
import { priceCart, type PricedCart } from './price-cart.service.ts';
import { toCart } from './stored-cart.ts';

/**
 * Puts a coupon into the cart, in place of another one; null takes it out. Only one that holds now is kept.
 * @throws AppError `cart_empty`, `coupon_refused` (with the reason), `slot_unavailable`
 */
export async function setCartCoupon(
  { code, slot }: { code: string | null; slot?: Date | undefined },
  userId: string,
): Promise<PricedCart> {
  if (code === null) return removeCartCoupon(userId, slot);
  const couponCode = code.toUpperCase();
  const priced = await priceCart({ ...(await getCart(userId)), couponCode }, slot);
  if (priced.coupon === null) throw new AppError('cart_empty');
  if (priced.coupon.reason !== null) throw couponRefused(priced.coupon.reason, priced.coupon.minimum);
  const row = await CartModel.collection.findOneAndUpdate(
    { _id: userId as never, 'lines.0': { $exists: true } },
    { $set: { couponCode, updatedAt: now() }, $inc: { version: 1 } },
    { returnDocument: 'after', projection: { version: 1, updatedAt: 1 } },
  );
  if (row === null) throw new AppError('cart_empty');
  const { version, updatedAt } = row as unknown as CartRow;
  return { ...priced, version, updatedAt };
}

/** Nothing changes where there is none. */
export async function removeCartCoupon(userId: string, slot?: Date): Promise<PricedCart> {
  const row = await CartModel.collection.findOneAndUpdate(
    { _id: userId as never, couponCode: { $exists: true } },
    { $unset: { couponCode: '' }, $set: { updatedAt: now() }, $inc: { version: 1 } },
    { returnDocument: 'after' },
  );
  return priceCart(row === null ? await getCart(userId) : toCart(userId, row as unknown as CartRow), slot);
}
