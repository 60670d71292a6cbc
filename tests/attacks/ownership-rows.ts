import { ACCOUNT_ROWS } from './ownership-rows/account-rows.ts';
import { DELIVERY_ROWS } from './ownership-rows/delivery-rows.ts';
import { HOURS_AND_AREAS_ROWS } from './ownership-rows/hours-and-areas-rows.ts';
import { IMAGE_ROWS } from './ownership-rows/image-rows.ts';
import { MENU_ROWS } from './ownership-rows/menu-rows.ts';
import { MONEY_ROWS } from './ownership-rows/money-rows.ts';
import { ORDER_ROWS } from './ownership-rows/order-rows.ts';
import type { OwnershipRows } from './ownership-rows/ownership-row.ts';
import { PAYMENT_ROWS } from './ownership-rows/payment-rows.ts';
import { PROMOTION_ROWS } from './ownership-rows/promotion-rows.ts';
import { RESTAURANT_ROWS } from './ownership-rows/restaurant-rows.ts';

/**
 * Every route with an id in its path, and whose the thing behind the id is. The matrix compares its keys with the routers: a new
 * route needs a row.
 */
export const ROWS: OwnershipRows = {
  ...ACCOUNT_ROWS,
  ...RESTAURANT_ROWS,
  ...HOURS_AND_AREAS_ROWS,
  ...MENU_ROWS,
  ...IMAGE_ROWS,
  ...ORDER_ROWS,
  ...PROMOTION_ROWS,
  ...PAYMENT_ROWS,
  ...DELIVERY_ROWS,
  ...MONEY_ROWS,
};

/** Every route that lists or shows what is one's own without naming an id. */
export const OWN_ROUTES: readonly string[] = [
  'get /auth/identities',
  'get /auth/sessions',
  'get /me',
  'get /me/addresses',
  'get /me/cards',
  'get /refunds',
  'get /me/brands',
  'get /me/devices',
  'get /me/preferences',
  'get /me/favourites',
  'get /me/workplaces',
  'get /cart',
  'get /dashboard',
  'get /orders',
  'get /couriers/me',
  'get /offers',
  'get /deliveries/current',
  'get /ledger/entries',
  'get /ledger/balances',
  'get /payouts',
];
