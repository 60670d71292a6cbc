export { lineProblems, shortOfStock, type PricedCartLine } from './cart-lines.ts';
export { clearCart, forgetCart, getCart, getPricedCart } from './carts.service.ts';
