import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import { removeItemClip, removeItemPicture, setItemClip, setItemPicture } from './item-pictures.controller.ts';

export const itemPicturesRouter = createRouter();

const editor = [authenticate, authorize('menu.edit'), rateLimit('account')];

itemPicturesRouter.put('/items/:itemId/picture', editor, setItemPicture);
itemPicturesRouter.delete('/items/:itemId/picture', editor, removeItemPicture);
itemPicturesRouter.put('/items/:itemId/clip', editor, setItemClip);
itemPicturesRouter.delete('/items/:itemId/clip', editor, removeItemClip);
