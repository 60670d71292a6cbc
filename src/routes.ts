import type { RequestHandler, Router } from 'express';
import { buildOpenApiDocument, bySegment, type RouteContract } from './http/index.ts';
import { authRouter } from './modules/auth/auth.router.ts';
import { authContracts } from './modules/auth/auth.schema.ts';
import { codesRouter } from './modules/auth/codes/codes.router.ts';
import { codesContracts } from './modules/auth/codes/codes.schema.ts';
import { emailsRouter } from './modules/auth/emails/emails.router.ts';
import { emailsContracts } from './modules/auth/emails/emails.schema.ts';
import { passwordsRouter } from './modules/auth/passwords/passwords.router.ts';
import { passwordsContracts } from './modules/auth/passwords/passwords.schema.ts';
import { secondFactorRouter } from './modules/auth/second-factor/second-factor.router.ts';
import { secondFactorContracts } from './modules/auth/second-factor/second-factor.schema.ts';
import { sessionsRouter } from './modules/auth/sessions/sessions.router.ts';
import { sessionsContracts } from './modules/auth/sessions/sessions.schema.ts';
import { socialRouter } from './modules/auth/social/social.router.ts';
import { socialContracts } from './modules/auth/social/social.schema.ts';
import { cartsRouter } from './modules/carts/carts.router.ts';
import { cartsContracts } from './modules/carts/carts.schema.ts';
import { checkoutRouter } from './modules/checkout/checkout.router.ts';
import { checkoutContracts } from './modules/checkout/checkout.schema.ts';
import { brandsRouter } from './modules/console/brands/brands.router.ts';
import { brandsContracts } from './modules/console/brands/brands.schema.ts';
import { picturesRouter } from './modules/console/pictures/pictures.router.ts';
import { picturesContracts } from './modules/console/pictures/pictures.schema.ts';
import { hoursAndAreasRouter } from './modules/console/hours-and-areas/hours-and-areas.router.ts';
import { hoursAndAreasContracts } from './modules/console/hours-and-areas/hours-and-areas.schema.ts';
import { adminRestaurantsRouter } from './modules/console/onboarding/admin-restaurants.router.ts';
import { adminRestaurantsContracts } from './modules/console/onboarding/admin-restaurants.schema.ts';
import { onboardingRouter } from './modules/console/onboarding/onboarding.router.ts';
import { onboardingContracts } from './modules/console/onboarding/onboarding.schema.ts';
import { dashboardRouter } from './modules/dashboard/dashboard.router.ts';
import { dashboardContracts } from './modules/dashboard/dashboard.schema.ts';
import { deliveriesRouter } from './modules/deliveries/deliveries.router.ts';
import { deliveriesContracts } from './modules/deliveries/deliveries.schema.ts';
import { imageBodiesRouter, imagesRouter } from './modules/images/images.router.ts';
import { imagesContracts } from './modules/images/images.schema.ts';
import { ledgerRouter } from './modules/ledger/ledger.router.ts';
import { ledgerContracts } from './modules/ledger/ledger.schema.ts';
import { payoutsRouter } from './modules/ledger/payouts/payouts.router.ts';
import { payoutsContracts } from './modules/ledger/payouts/payouts.schema.ts';
import { menuEditingRouter } from './modules/menu/editing/editing.router.ts';
import { menuEditingContracts } from './modules/menu/editing/editing.schema.ts';
import { itemPicturesRouter } from './modules/menu/pictures/item-pictures.router.ts';
import { itemPicturesContracts } from './modules/menu/pictures/item-pictures.schema.ts';
import { menuFilesRouter, menuTransferRouter } from './modules/menu/transfer/transfer.router.ts';
import { menuFilesContracts, menuTransferContracts } from './modules/menu/transfer/transfer.schema.ts';
import { menuRouter } from './modules/menu/menu.router.ts';
import { menuContracts } from './modules/menu/menu.schema.ts';
import { searchRouter } from './modules/menu/search/search.router.ts';
import { searchContracts } from './modules/menu/search/search.schema.ts';
import { operationsRouter } from './modules/operations/audit-log.router.ts';
import { operationsContracts } from './modules/operations/audit-log.schema.ts';
import { amendmentsRouter } from './modules/orders/amendments/amendments.router.ts';
import { amendmentsContracts } from './modules/orders/amendments/amendments.schema.ts';
import { cancellationRouter } from './modules/orders/cancellation/cancellation.router.ts';
import { cancellationContracts } from './modules/orders/cancellation/cancellation.schema.ts';
import { delayRouter } from './modules/orders/delay/delay.router.ts';
import { delayContracts } from './modules/orders/delay/delay.schema.ts';
import { collectionRouter } from './modules/orders/collection/collection.router.ts';
import { collectionContracts } from './modules/orders/collection/collection.schema.ts';
import { ordersRouter } from './modules/orders/orders.router.ts';
import { ordersContracts } from './modules/orders/orders.schema.ts';
import { paymentsRouter, paymentWebhooksRouter } from './modules/payments/payments.router.ts';
import { paymentsContracts } from './modules/payments/payments.schema.ts';
import { privacyRouter } from './modules/privacy/privacy.router.ts';
import { privacyContracts } from './modules/privacy/privacy.schema.ts';
import { reconciliationRouter } from './modules/reconciliation/reconciliation.router.ts';
import { reconciliationContracts } from './modules/reconciliation/reconciliation.schema.ts';
import { reportsRouter } from './modules/reports/reports.router.ts';
import { reportsContracts } from './modules/reports/reports.schema.ts';
import { listingRouter } from './modules/restaurants/listing/listing.router.ts';
import { listingContracts } from './modules/restaurants/listing/listing.schema.ts';
import { restaurantsRouter } from './modules/restaurants/restaurants.router.ts';
import { restaurantsContracts } from './modules/restaurants/restaurants.schema.ts';
import { couponsRouter } from './modules/promotions/coupons.router.ts';
import { couponsContracts } from './modules/promotions/coupons.schema.ts';
import { reviewsRouter } from './modules/reviews/reviews.router.ts';
import { reviewsContracts } from './modules/reviews/reviews.schema.ts';
import { servingRouter } from './modules/restaurants/serving/serving.router.ts';
import { servingContracts } from './modules/restaurants/serving/serving.schema.ts';
import { staffRouter } from './modules/staff/staff.router.ts';
import { staffContracts } from './modules/staff/staff.schema.ts';
import { adminUsersRouter } from './modules/users/admin-users.router.ts';
import { adminUsersContracts } from './modules/users/admin-users.schema.ts';
import { usersRouter } from './modules/users/users.router.ts';
import { usersContracts } from './modules/users/users.schema.ts';

interface ModuleRoutes {
  name: string;
  router: Router;
  contracts: readonly RouteContract[];
}

/** Routes that read the raw body; mounted before the JSON parser. */
export const rawBodyModules: readonly ModuleRoutes[] = [
  { name: 'payments', router: paymentWebhooksRouter, contracts: [] },
  { name: 'images', router: imageBodiesRouter, contracts: [] },
  { name: 'menu', router: menuFilesRouter, contracts: menuFilesContracts },
];

/** Every module with routes: mounted, listed by `npm run routes`, and described in the API document. */
export const moduleRouters: readonly ModuleRoutes[] = [
  { name: 'users', router: usersRouter, contracts: usersContracts },
  { name: 'users', router: adminUsersRouter, contracts: adminUsersContracts },
  // First of the routers under `/auth`: it reads the cookies for all of them.
  { name: 'auth', router: authRouter, contracts: authContracts },
  { name: 'auth', router: sessionsRouter, contracts: sessionsContracts },
  { name: 'auth', router: passwordsRouter, contracts: passwordsContracts },
  { name: 'auth', router: emailsRouter, contracts: emailsContracts },
  { name: 'auth', router: codesRouter, contracts: codesContracts },
  { name: 'auth', router: socialRouter, contracts: socialContracts },
  { name: 'auth', router: secondFactorRouter, contracts: secondFactorContracts },
  // Before the one that takes `popular` for an id.
  { name: 'restaurants', router: listingRouter, contracts: listingContracts },
  { name: 'images', router: imagesRouter, contracts: imagesContracts },
  { name: 'restaurants', router: restaurantsRouter, contracts: restaurantsContracts },
  { name: 'restaurants', router: servingRouter, contracts: servingContracts },
  { name: 'staff', router: staffRouter, contracts: staffContracts },
  { name: 'console', router: onboardingRouter, contracts: onboardingContracts },
  { name: 'console', router: hoursAndAreasRouter, contracts: hoursAndAreasContracts },
  { name: 'console', router: adminRestaurantsRouter, contracts: adminRestaurantsContracts },
  { name: 'console', router: brandsRouter, contracts: brandsContracts },
  { name: 'console', router: picturesRouter, contracts: picturesContracts },
  { name: 'menu', router: menuRouter, contracts: menuContracts },
  { name: 'menu', router: itemPicturesRouter, contracts: itemPicturesContracts },
  { name: 'menu', router: menuEditingRouter, contracts: menuEditingContracts },
  { name: 'menu', router: menuTransferRouter, contracts: menuTransferContracts },
  { name: 'menu', router: searchRouter, contracts: searchContracts },
  { name: 'promotions', router: couponsRouter, contracts: couponsContracts },
  { name: 'carts', router: cartsRouter, contracts: cartsContracts },
  { name: 'checkout', router: checkoutRouter, contracts: checkoutContracts },
  { name: 'orders', router: ordersRouter, contracts: ordersContracts },
  { name: 'orders', router: collectionRouter, contracts: collectionContracts },
  { name: 'orders', router: cancellationRouter, contracts: cancellationContracts },
  { name: 'orders', router: delayRouter, contracts: delayContracts },
  { name: 'orders', router: amendmentsRouter, contracts: amendmentsContracts },
  { name: 'payments', router: paymentsRouter, contracts: paymentsContracts },
  { name: 'ledger', router: ledgerRouter, contracts: ledgerContracts },
  { name: 'ledger', router: payoutsRouter, contracts: payoutsContracts },
  { name: 'deliveries', router: deliveriesRouter, contracts: deliveriesContracts },
  { name: 'reviews', router: reviewsRouter, contracts: reviewsContracts },
  { name: 'operations', router: operationsRouter, contracts: operationsContracts },
  { name: 'reconciliation', router: reconciliationRouter, contracts: reconciliationContracts },
  { name: 'reports', router: reportsRouter, contracts: reportsContracts },
  { name: 'dashboard', router: dashboardRouter, contracts: dashboardContracts },
  { name: 'privacy', router: privacyRouter, contracts: privacyContracts },
];

export function createApiRouter(modules: readonly ModuleRoutes[]): RequestHandler {
  return bySegment(modules.map(({ router }) => router));
}

/** The API document of everything that is mounted. */
export function apiDocument(serverUrl: string) {
  return buildOpenApiDocument(
    [...moduleRouters, ...rawBodyModules].flatMap(({ contracts }) => contracts),
    serverUrl,
  );
}
