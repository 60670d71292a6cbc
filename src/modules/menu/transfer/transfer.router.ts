import { authenticate, authorize, createRouter, rateLimit, receiveText } from '../../../http/index.ts';
import * as controller from './transfer.controller.ts';

const MAX_FILE_BYTES = 2 * 1024 * 1024;

const edit = [authenticate, authorize('menu.edit')];

export const menuTransferRouter = createRouter();

menuTransferRouter.post(
  '/restaurants/:restaurantId/menu/duplicate',
  edit,
  rateLimit('menuFile'),
  controller.duplicateMenu,
);
menuTransferRouter.get(
  '/restaurants/:restaurantId/menu/imports',
  edit,
  rateLimit('account'),
  controller.listMenuImports,
);
menuTransferRouter.get(
  '/restaurants/:restaurantId/menu/imports/:importId',
  edit,
  rateLimit('account'),
  controller.getMenuImport,
);
menuTransferRouter.get('/restaurants/:restaurantId/menu/export', edit, rateLimit('menuFile'), controller.exportMenu);

/** Mounted before the JSON parser: a file is larger, and may be a CSV. */
export const menuFilesRouter = createRouter();

menuFilesRouter.post(
  '/restaurants/:restaurantId/menu/import',
  [...edit, rateLimit('menuFile')],
  receiveText({ types: ['text/csv', 'application/json'], maxBytes: MAX_FILE_BYTES }),
  controller.importMenu,
);
