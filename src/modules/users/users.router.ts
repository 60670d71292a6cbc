import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import { addAddress, deleteAddress, getMe, listAddresses, updateAddress, updateMe } from './users.controller.ts';

export const usersRouter = createRouter();

const anybody = [authenticate, authorize('account.use'), rateLimit('account')];
const customer = [authenticate, authorize('addresses.use'), rateLimit('account')];

usersRouter.get('/me', anybody, getMe);
usersRouter.patch('/me', anybody, updateMe);
usersRouter.get('/me/addresses', customer, listAddresses);
usersRouter.post('/me/addresses', customer, addAddress);
usersRouter.patch('/me/addresses/:addressId', customer, updateAddress);
usersRouter.delete('/me/addresses/:addressId', customer, deleteAddress);
