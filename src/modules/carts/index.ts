export { lineProblems, type PricedCartLine } from './cart-lines.ts';
export { clearCart, getPricedCart } from './carts.service.ts';
