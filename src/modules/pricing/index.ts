export { priceOrder, type Breakdown, type PricedLine } from './price-order.ts';
