import { now } from '../../shared/clock.ts';
import { money, type Money } from '../../shared/money.ts';
import { taxPartsOf } from '../../shared/tax-parts.ts';
import { priceOrder, type Breakdown } from '../pricing/index.ts';
import { judgeCode, type CouponJudgement, type CouponRefusal, type CouponTerms } from '../promotions/index.ts';
import { availabilityOf, findSlotCounts, type Availability, type RestaurantSnapshot } from '../restaurants/index.ts';
import { couponLinesOf, priceCartLines, pricingLinesOf, type PricedCartLine } from './cart-lines.ts';
import { findMenuThen } from './menu-then.service.ts';
import type { Cart } from './stored-cart.ts';

export interface PricedCart {
  restaurant: RestaurantSnapshot | null;
  /** Of an order for now, or for the slot that was asked for, whatever the mode and the address; null: the cart is empty. */
  availability: Availability | null;
  lines: PricedCartLine[];
  subtotalMinor: number;
  /** By the engine of the quote, without a delivery fee; null: the cart is empty. */
  pricing: Breakdown | null;
  /** `reason`: why it does not hold now; null: its discount is in `pricing`. `minimum`: of items, where there are too few. */
  coupon: { code: string; reason: CouponRefusal | null; minimum: Money | null } | null;
  version: number;
  updatedAt: Date;
}

/**
 * The cart with the menu of this moment, its dishes judged for the slot that begins at `slot`; without one for now. One query more
 * where it holds a coupon, and one where the kitchen counts its orders.
 * @throws AppError `slot_unavailable`
 */
export async function priceCart(cart: Cart, slot?: Date): Promise<PricedCart> {
  const { customerId, restaurantId, lines, couponCode, version, updatedAt } = cart;
  const stand = { version, updatedAt };
  if (restaurantId === null) {
    const nothing = { restaurant: null, availability: null, pricing: null, coupon: null };
    return { ...nothing, lines: [], subtotalMinor: 0, ...stand };
  }
  const itemIds = lines.map(({ itemId }) => itemId);
  const { restaurant, items, beginsAt: at } = await findMenuThen({ restaurantId, itemIds, slot });
  const availability = availabilityOf(restaurant, { at, slot: await findSlotCounts(restaurant, at) });
  const priced = priceCartLines(lines, items);
  const judged =
    couponCode === null ? null : await judgeInCart({ code: couponCode, customerId, restaurant, lines: priced });
  const pricing = priceWithoutDelivery(restaurant, priced, judged?.terms ?? null);
  const coupon = judged === null || couponCode === null ? null : toCoupon(couponCode, judged, restaurant.currency);
  return { restaurant, availability, lines: priced, subtotalMinor: pricing.itemsMinor, pricing, coupon, ...stand };
}

function toCoupon(code: string, { reason, minimumMinor }: CouponJudgement, currency: string): PricedCart['coupon'] {
  return { code, reason, minimum: minimumMinor === null ? null : money(minimumMinor, currency) };
}

interface CodeToJudge {
  code: string;
  customerId: string;
  restaurant: RestaurantSnapshot;
  lines: readonly PricedCartLine[];
}

function judgeInCart({ code, customerId, restaurant, lines }: CodeToJudge) {
  const { id: restaurantId, currency } = restaurant;
  return judgeCode({
    ...{ code, customerId, restaurantId, currency, lines: couponLinesOf(lines), at: now() },
    // The address is not known yet.
    deliveryFeeMinor: null,
  });
}

function priceWithoutDelivery(
  restaurant: RestaurantSnapshot,
  lines: readonly PricedCartLine[],
  coupon: CouponTerms | null,
): Breakdown {
  const { currency, taxRates, pricesIncludeTax, serviceFeeMinor, packagingFeeMinor, smallOrderFee } = restaurant;
  return priceOrder({
    ...{ currency, taxRates, pricesIncludeTax, serviceFeeMinor, packagingFeeMinor, smallOrderFee },
    ...{ lines: pricingLinesOf(lines), distanceMeters: 0, feeTable: null, discount: coupon?.discount ?? null },
    taxParts: taxPartsOf(restaurant.timeZone),
  });
}
