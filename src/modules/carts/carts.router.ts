import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import { addCartItem, changeCartItem, emptyCart, getCart, removeCartItem } from './carts.controller.ts';

export const cartsRouter = createRouter();

const customer = [authenticate, authorize('cart.use'), rateLimit('account')];

cartsRouter.get('/cart', customer, getCart);
cartsRouter.delete('/cart', customer, emptyCart);
cartsRouter.post('/cart/items', customer, addCartItem);
cartsRouter.patch('/cart/items/:lineId', customer, changeCartItem);
cartsRouter.delete('/cart/items/:lineId', customer, removeCartItem);
