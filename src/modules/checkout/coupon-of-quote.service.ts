import { couponLinesOf } from '../carts/index.ts';
import { judgeCode } from '../promotions/index.ts';
import type { OrderableLine } from './can-order.ts';
import type { QuoteTerms } from './quote.model.ts';

/** Judges a coupon for what would be bought without it. */
export function judgeCoupon(code: string, terms: QuoteTerms, lines: readonly OrderableLine[]) {
  const { customerId, restaurantId, currency, pricing, createdAt: at } = terms;
  const { deliveryFeeMinor } = pricing;
  return judgeCode({ code, customerId, restaurantId, currency, lines: couponLinesOf(lines), deliveryFeeMinor, at });
}
