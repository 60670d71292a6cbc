export type { Breakdown, DiscountTerms, PricedLine, PricedTax } from './breakdown.ts';
export { discountMinorOf } from './discounts.ts';
export { priceOrder, type PricingInput } from './price-order.ts';
export { repriceOrder, type LineChange } from './reprice-order.ts';
