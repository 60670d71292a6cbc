export {
  couponLinesOf,
  lineProblems,
  priceCartLines,
  pricingLinesOf,
  shortOfStock,
  type PricedCartLine,
} from './cart-lines.ts';
export { findMenuThen } from './menu-then.service.ts';
export { toCartView } from './carts.presenter.ts';
export { cartViewSchema } from './cart-view.schema.ts';
export { addCartLines, clearCart, forgetCart, getCart, getPricedCart } from './carts.service.ts';
export type { PricedCart } from './price-cart.service.ts';
