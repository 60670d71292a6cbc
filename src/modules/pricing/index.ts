export type { Breakdown, DiscountTerms, PricedLine } from './breakdown.ts';
export { discountMinorOf } from './discounts.ts';
export { priceOrder, type PricingInput, type PricingLine } from './price-order.ts';
export { toPricingView } from './pricing.presenter.ts';
export { pricingViewSchema } from './pricing.schema.ts';
export { repriceOrder, type LineChange } from './reprice-order.ts';
