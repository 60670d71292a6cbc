import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import * as controller from './carts.controller.ts';

export const cartsRouter = createRouter();

const customer = [authenticate, authorize('cart.use'), rateLimit('account')];

// A code is worth money to whoever guesses it.
const coupon = [authenticate, authorize('cart.use'), rateLimit('coupon')];

cartsRouter.get('/cart', customer, controller.getCart);
cartsRouter.delete('/cart', customer, controller.emptyCart);
cartsRouter.post('/cart/items', customer, controller.addCartItem);
cartsRouter.patch('/cart/items/:lineId', customer, controller.changeCartItem);
cartsRouter.delete('/cart/items/:lineId', customer, controller.removeCartItem);
cartsRouter.put('/cart/coupon', coupon, controller.setCartCoupon);
cartsRouter.delete('/cart/coupon', customer, controller.removeCartCoupon);
