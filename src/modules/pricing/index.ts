export { discountOf, type Breakdown, type DiscountTerms, type PricedLine, type PricedTax } from './breakdown.ts';
export { MAX_TIP_MINOR } from './tip-limit.ts';
export { discountMinorOf } from './discounts.ts';
export { priceOrder, type PricingInput, type PricingLine } from './price-order.ts';
export { toChargesView, toPricingView } from './pricing.presenter.ts';
export { pricingViewSchema, type PricingView } from './pricing.schema.ts';
export { repriceOrder, type LineChange } from './reprice-order.ts';
