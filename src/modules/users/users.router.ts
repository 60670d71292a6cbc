import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import {
  addFavourite,
  deleteDevice,
  getPreferences,
  listDevices,
  listFavourites,
  registerDevice,
  removeFavourite,
  setPreferences,
} from './me.controller.ts';
import { removeProfilePicture, setProfilePicture } from './profile-picture.controller.ts';
import { addAddress, deleteAddress, getMe, listAddresses, updateAddress, updateMe } from './users.controller.ts';

export const usersRouter = createRouter();

const anybody = [authenticate, authorize('account.use'), rateLimit('account')];
const customer = [authenticate, authorize('addresses.use'), rateLimit('account')];
const gourmet = [authenticate, authorize('favourites.use'), rateLimit('account')];

usersRouter.get('/me', anybody, getMe);
usersRouter.patch('/me', anybody, updateMe);
usersRouter.put('/me/picture', anybody, setProfilePicture);
usersRouter.delete('/me/picture', anybody, removeProfilePicture);
usersRouter.get('/me/addresses', customer, listAddresses);
usersRouter.post('/me/addresses', customer, addAddress);
usersRouter.patch('/me/addresses/:addressId', customer, updateAddress);
usersRouter.delete('/me/addresses/:addressId', customer, deleteAddress);
usersRouter.get('/me/devices', anybody, listDevices);
usersRouter.post('/me/devices', anybody, registerDevice);
usersRouter.delete('/me/devices/:deviceId', anybody, deleteDevice);
usersRouter.get('/me/preferences', anybody, getPreferences);
usersRouter.put('/me/preferences', anybody, setPreferences);
usersRouter.get('/me/favourites', gourmet, listFavourites);
usersRouter.put('/me/favourites/:restaurantId', gourmet, addFavourite);
usersRouter.delete('/me/favourites/:restaurantId', gourmet, removeFavourite);
