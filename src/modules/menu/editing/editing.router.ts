import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import * as controller from './editing.controller.ts';

export const menuEditingRouter = createRouter();

const edit = [authenticate, authorize('menu.edit'), rateLimit('account')];
/** Also for the kitchen. */
const stock = [authenticate, authorize('menu.stock'), rateLimit('account')];

menuEditingRouter.get('/restaurants/:restaurantId/categories', stock, controller.listCategories);
menuEditingRouter.post('/restaurants/:restaurantId/categories', edit, controller.createCategory);
menuEditingRouter.put('/restaurants/:restaurantId/categories/order', edit, controller.orderCategories);
menuEditingRouter.put('/restaurants/:restaurantId/categories/:categoryId/order', edit, controller.orderItems);
menuEditingRouter.patch('/categories/:categoryId', edit, controller.changeCategory);
menuEditingRouter.delete('/categories/:categoryId', edit, controller.deleteCategory);

menuEditingRouter.get('/restaurants/:restaurantId/items', stock, controller.listItems);
menuEditingRouter.post('/restaurants/:restaurantId/items', edit, controller.createItem);
menuEditingRouter.get('/items/:itemId', stock, controller.getItem);
menuEditingRouter.patch('/items/:itemId', edit, controller.changeItem);
menuEditingRouter.delete('/items/:itemId', edit, controller.deleteItem);
menuEditingRouter.put('/items/:itemId/options', edit, controller.setItemOptions);
menuEditingRouter.put('/items/:itemId/sizes', edit, controller.setItemSizes);
menuEditingRouter.put('/items/:itemId/availability', stock, controller.setItemAvailability);
menuEditingRouter.put('/items/:itemId/stock', stock, controller.setItemStock);
