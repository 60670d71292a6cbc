export { lineProblems, type PricedCartLine } from './cart-lines.ts';
export { clearCart, getCart, getPricedCart, type Cart, type PricedCart } from './carts.service.ts';
