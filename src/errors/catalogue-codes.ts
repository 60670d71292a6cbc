import { z } from 'zod';
import { defineCodes, fieldProblems } from './define-codes.ts';

/** Of restaurants, their menus, reviews and pictures. */
export const catalogueCodes = defineCodes({
  restaurant_incomplete: {
    status: 422,
    message: 'The restaurant cannot be submitted yet.',
    logLevel: 'info',
    details: fieldProblems,
  },
  terms_approved: {
    status: 409,
    message:
      'Name, address and place were approved. To change them close the restaurant, reopen it and submit it anew.',
    logLevel: 'info',
  },
  currency_fixed: {
    status: 409,
    message: 'The currency cannot change any more: the restaurant has dishes, or is no draft.',
    logLevel: 'info',
  },
  image_unusable: {
    status: 422,
    message: 'This picture cannot be used here.',
    logLevel: 'info',
    details: z.strictObject({ reason: z.string() }),
  },
  image_type_unsupported: {
    status: 415,
    message: 'Send a JPEG, PNG, WebP or AVIF picture under its own type and name.',
    logLevel: 'info',
  },
  // Somebody else's is answered like one that is not there.
  image_not_found: {
    status: 404,
    message: 'There is no such picture of yours.',
    logLevel: 'info',
    details: fieldProblems,
  },
  image_in_use: { status: 409, message: 'This picture is shown somewhere. Take it away there.', logLevel: 'info' },
  upload_too_slow: { status: 408, message: 'The file came too slowly. Send it again.', logLevel: 'info' },
  upload_callback_invalid: { status: 401, message: 'The signature is not valid.', logLevel: 'warn' },
  image_quota_used: { status: 429, message: 'That is all you may upload today.', logLevel: 'warn' },
  images_unavailable: { status: 503, message: 'Pictures cannot be taken right now.', logLevel: 'error' },
  out_of_stock: {
    status: 422,
    message: 'There are not as many left as were ordered.',
    logLevel: 'info',
    details: fieldProblems,
  },
  stock_out_of_bounds: {
    status: 422,
    message: 'The stock count cannot be changed by this much.',
    logLevel: 'info',
    details: fieldProblems,
  },
  currency_mismatch: {
    status: 422,
    message: 'A price is not in the currency of the restaurant.',
    logLevel: 'info',
    details: fieldProblems,
  },
  tax_rate_missing: {
    status: 422,
    message: 'What is on sale needs a tax rate, if only 0.',
    logLevel: 'info',
    details: fieldProblems,
  },
  category_in_use: { status: 409, message: 'There are items in this category.', logLevel: 'info' },
  menu_not_empty: {
    status: 409,
    message: 'There is a menu already. Send replace: true to give it up.',
    logLevel: 'info',
  },
  menu_too_large: {
    status: 422,
    message: 'The menu is too large: dishes, sizes and options may be 3 MB in all.',
    logLevel: 'info',
  },
  import_running: { status: 409, message: 'An import of this menu is under way already.', logLevel: 'info' },
  order_not_delivered: { status: 422, message: 'Only a delivered order can be reviewed.', logLevel: 'info' },
  already_reviewed: { status: 409, message: 'This order has been reviewed already.', logLevel: 'info' },
  review_too_late: { status: 422, message: 'This order is too long ago to be reviewed.', logLevel: 'info' },
});
