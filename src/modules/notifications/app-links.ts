import { config } from '../../config/index.ts';

/** Pages of the front end that mails lead to. */
type AppPage =
  | '/reset-password'
  | '/verify-email'
  | '/forgot-password'
  | '/account/sessions'
  | '/join-restaurant'
  | '/restaurants'
  | `/console/restaurants/${string}`
  | `/orders/${string}`
  | `/account/exports/${string}`;

/**
 * Always under the configured address: no header of a request has a say (bar.md case 9). A token stands behind the `#`, which
 * browsers send to no server and put into no Referer.
 */
export function appLink(page: AppPage, token?: string): string {
  const link = `${config.server.appUrl}${page}`;
  return token === undefined ? link : `${link}#token=${token}`;
}
