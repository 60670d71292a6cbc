import { addCartItem } from '../../src/modules/carts/carts.service.ts';
import type { ImagePurpose } from '../../src/modules/images/image.model.ts';
import type { OrderStatus } from '../../src/modules/orders/index.ts';
import { exportLink } from '../../src/modules/privacy/export-link.ts';
import { addFavourite } from '../../src/modules/users/favourites.service.ts';
import { registerPushDevice } from '../../src/modules/users/push-devices.service.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { fromGeoJson } from '../../src/shared/geo.ts';
import { createBrand } from '../factories/brand.ts';
import { createCompleteRestaurant } from '../factories/complete-restaurant.ts';
import { createCourier } from '../factories/courier.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createDeliveryAtPickup,
  createOfferingDelivery,
  getStoredOffer,
  type Assigned,
} from '../factories/delivery.ts';
import { buildNewOrder, createOrderIn } from '../factories/order.ts';
import { createExport } from '../factories/export.ts';
import { createImage } from '../factories/image.ts';
import { createQuote } from '../factories/quote.ts';
import { createCategory, createMenuImport, createMenuItem } from '../factories/menu-item.ts';
import { createIdentity } from '../factories/identity.ts';
import { createReview } from '../factories/review.ts';
import { createRestaurant, metersNorth } from '../factories/restaurant.ts';
import { createInvitation, createMember } from '../factories/staff.ts';
import { buildAddress, buildPhone, createUser, PASSWORD } from '../factories/user.ts';
import { quoteFor } from '../support/checkout.ts';
import { createKitchen } from '../support/kitchen.ts';
import { openLogin, type Login } from '../support/log-in.ts';
import { openPage, RETURN_TO } from '../support/social.ts';
import { HOURS_AND_AREAS_ROWS } from './hours-and-areas-rows.ts';

/** The people of one order. Each of them has every trade, so that it is ownership that is asked for, and not the role. */
export interface Parties {
  customer: Login;
  owner: Login;
  courier: Login;
}

/** Who may use a resource. `public` is everybody, `everyone` whoever has the role, `office` support and admin. */
export type Entitled = keyof Parties | 'office' | 'public' | 'everyone';

interface Resource {
  /** Values of the route's parameters. */
  params: Record<string, string>;
  query?: Record<string, string>;
  /** A body that its owner would get a 2xx for. */
  body?: object;
  /** Where the body names something of the sender's own. */
  bodyOf?: (sender: Login) => Promise<object>;
}

export interface OwnershipRow {
  /** The parameter is a name out of a closed list: any other value is refused by the schema. */
  isName?: true;
  /** The parameter is the id of a user, and an admin finds everybody. */
  isUser?: true;
  entitled: readonly Entitled[];
  /** It can be done once: each of the entitled gets a resource of its own. */
  isOnce?: true;
  /** Makes a resource that belongs to the parties. */
  make: (parties: Parties) => Promise<Resource>;
}

const PARTIES: readonly Entitled[] = ['customer', 'owner', 'courier', 'office'];

/**
 * Every route with an id in its path, and whose the thing behind the id is. The matrix compares its keys with the routers: a new
 * route needs a row.
 */
export const ROWS: Record<string, OwnershipRow> = {
  'patch /me/addresses/:addressId': { entitled: ['customer'], make: address({ label: 'Work' }) },
  'delete /me/addresses/:addressId': { entitled: ['customer'], make: address() },

  'delete /me/devices/:deviceId': { entitled: ['customer'], make: pushDevice },
  'get /me/exports/:exportId': { entitled: ['customer'], make: personalExport },
  'get /exports/:exportId': { entitled: ['public'], make: exportByLink },
  'put /me/favourites/:restaurantId': { entitled: ['everyone'], make: restaurant },
  'delete /me/favourites/:restaurantId': { entitled: ['everyone'], make: restaurant },

  'post /auth/oauth/:provider/link': { entitled: ['everyone'], make: identityLink, isName: true },
  'delete /auth/identities/:provider': { entitled: ['customer'], make: identity, isName: true },
  'delete /auth/sessions/:sessionId': { entitled: ['customer'], make: session },

  'get /restaurants/:restaurantId': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/availability': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/slots': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/menu': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/categories': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/categories': { entitled: ['owner'], make: menu(() => ({ name: 'Soups' })) },
  'put /restaurants/:restaurantId/categories/order': {
    entitled: ['owner'],
    make: menu(({ categoryId }) => ({ categoryIds: [categoryId] })),
  },
  'put /restaurants/:restaurantId/categories/:categoryId/order': {
    entitled: ['owner'],
    make: menu(({ itemId }) => ({ itemIds: [itemId] }), ['restaurantId', 'categoryId']),
  },
  'patch /categories/:categoryId': { entitled: ['owner'], make: menu(() => ({ name: 'Soups' }), ['categoryId']) },
  'delete /categories/:categoryId': { isOnce: true, entitled: ['owner'], make: emptyCategory },
  'get /restaurants/:restaurantId/items': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/items': {
    entitled: ['owner'],
    make: menu(({ categoryId }) => {
      return { categoryId, name: 'Soup', price: { amount: 100, currency: 'INR' }, taxCategory: 'food' };
    }),
  },
  'get /items/:itemId': { entitled: ['owner'], make: menu(undefined, ['itemId']) },
  'patch /items/:itemId': { entitled: ['owner'], make: menu(() => ({ name: 'Soup' }), ['itemId']) },
  'delete /items/:itemId': { isOnce: true, entitled: ['owner'], make: menu(undefined, ['itemId']) },
  'put /items/:itemId/options': { entitled: ['owner'], make: menu(() => ({ optionGroups: [] }), ['itemId']) },
  'put /items/:itemId/sizes': { entitled: ['owner'], make: menu(() => ({ sizes: [] }), ['itemId']) },
  'put /items/:itemId/availability': {
    entitled: ['owner'],
    make: menu(() => ({ item: { isAvailable: false } }), ['itemId']),
  },
  'put /items/:itemId/stock': { entitled: ['owner'], make: menu(() => ({ count: 3 }), ['itemId']) },
  'post /restaurants/:restaurantId/menu/duplicate': { entitled: ['owner'], make: menuAndBranch },
  'post /restaurants/:restaurantId/menu/import': {
    entitled: ['owner'],
    make: menu(() => ({ format: 'quickbite-menu-1', categories: [] })),
  },
  'get /restaurants/:restaurantId/menu/imports/:importId': { entitled: ['owner'], make: menuImport },
  'get /restaurants/:restaurantId/menu/export': { entitled: ['owner'], make: restaurant },
  'get /restaurants/:restaurantId/orders': { entitled: ['owner'], make: restaurant },
  'put /restaurants/:restaurantId/picture': { entitled: ['owner'], make: withPicture(restaurant, 'restaurant') },
  'delete /restaurants/:restaurantId/picture': { entitled: ['owner'], make: restaurant },
  'put /items/:itemId/picture': { entitled: ['owner'], make: withPicture(dish, 'dish') },
  'delete /items/:itemId/picture': { entitled: ['owner'], make: dish },
  'put /items/:itemId/clip': { entitled: ['owner'], make: withPicture(dish, 'clip') },
  'delete /items/:itemId/clip': { entitled: ['owner'], make: dish },
  'get /uploads/:imageId': { entitled: ['customer', 'office'], make: upload },
  'delete /uploads/:imageId': { entitled: ['customer'], make: upload },
  'get /restaurants/:restaurantId/staff': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/staff': { entitled: ['owner'], make: vacancy },
  'patch /restaurants/:restaurantId/staff/:userId': { entitled: ['owner'], make: member({ role: 'manager' }) },
  'delete /restaurants/:restaurantId/staff/:userId': { entitled: ['owner'], make: member() },
  'delete /restaurants/:restaurantId/invitations/:invitationId': { entitled: ['owner'], make: invitation },

  'get /restaurants/:restaurantId/console': { entitled: ['owner'], make: restaurant },
  'patch /restaurants/:restaurantId': { entitled: ['owner'], make: restaurantWith({ prepMinutes: 25 }) },
  'post /restaurants/:restaurantId/submit': { entitled: ['owner'], make: completeRestaurant('draft') },
  'post /restaurants/:restaurantId/withdraw': { entitled: ['owner'], make: completeRestaurant('in_review') },
  'post /restaurants/:restaurantId/close': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/reopen': { entitled: ['owner'], make: completeRestaurant('archived') },
  ...HOURS_AND_AREAS_ROWS,
  'get /brands/:brandId': { entitled: ['public'], make: brand() },
  'get /brands/:brandId/branches': { entitled: ['public'], make: brand() },
  'get /brands/:brandId/console': { entitled: ['customer'], make: brand() },
  'patch /brands/:brandId': { entitled: ['customer'], make: brand({ description: 'Peppery since 1974.' }) },

  'patch /cart/items/:lineId': { entitled: ['customer'], make: cartLine({ quantity: 3 }) },
  'delete /cart/items/:lineId': { entitled: ['customer'], make: cartLine() },
  'get /quotes/:quoteId': { entitled: ['customer'], make: quote },

  'get /orders/:orderId': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/events': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/tracking': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/payment': { entitled: ['customer'], make: order('placed') },
  'post /orders/:orderId/cancel': { entitled: ['customer'], make: order('placed', {}) },
  'post /orders/:orderId/delivery-pin': { entitled: ['customer'], make: onItsWay },

  'post /orders/:orderId/accept': { entitled: ['owner'], make: order('placed', { prepMinutes: 15 }) },
  'post /orders/:orderId/reject': { entitled: ['owner'], make: order('placed', { reason: 'too_busy' }) },
  'post /orders/:orderId/preparing': { entitled: ['owner'], make: order('accepted') },
  'post /orders/:orderId/ready': { entitled: ['owner'], make: order('preparing') },
  'post /orders/:orderId/handover': { entitled: ['owner'], make: atPickup },

  'put /orders/:orderId/review': {
    entitled: ['customer'],
    make: order('delivered', { foodStars: 5, deliveryStars: 4 }),
  },
  'get /orders/:orderId/review': { entitled: ['customer'], make: review() },
  'get /restaurants/:restaurantId/reviews': { entitled: ['public'], make: restaurant },
  'post /reviews/:reviewId/reply': { entitled: ['owner'], make: review({ text: 'Come again!' }) },
  'patch /admin/reviews/:reviewId': {
    entitled: ['office'],
    make: review({ isHidden: true, reason: 'Names a private person' }),
  },

  'post /offers/:offerId/accept': { entitled: ['courier'], make: offer },
  'post /offers/:offerId/decline': { entitled: ['courier'], make: offer },
  'post /deliveries/:deliveryId/events': { entitled: ['courier'], make: delivery({ type: 'en_route_pickup' }) },
  'put /deliveries/:deliveryId/proof': { entitled: ['courier'], make: withPicture(atTheDoor, 'proof') },
  'post /deliveries/:deliveryId/handover-code': { entitled: ['courier'], make: delivery() },

  'get /admin/restaurants/:restaurantId': { entitled: ['office'], make: restaurant },
  'put /admin/restaurants/:restaurantId/status': {
    entitled: ['office'],
    make: completeRestaurant('in_review', { status: 'live' }),
  },
  'get /admin/users/:userId': { isUser: true, entitled: ['office'], make: account() },
  'patch /admin/users/:userId': {
    isUser: true,
    entitled: ['office'],
    make: account({ status: 'suspended', reason: 'Stolen cards' }),
  },
};

/** Every route that lists or shows what is one's own without naming an id. */
export const OWN_ROUTES: readonly string[] = [
  'get /auth/identities',
  'get /auth/sessions',
  'get /me',
  'get /me/addresses',
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
];

export function partyIds({ customer, owner }: Parties): { customerId: string; ownerId: string } {
  return { customerId: customer.userId, ownerId: owner.userId };
}

async function session({ customer }: Parties): Promise<Resource> {
  const { sessionId } = await openLogin(customer.user);
  return { params: { sessionId } };
}

/** Of the customer. */
function account(body?: object) {
  return ({ customer }: Parties): Promise<Resource> => {
    return Promise.resolve({ params: { userId: customer.userId }, ...(body && { body }) });
  };
}

function address(body?: object) {
  return async ({ customer }: Parties): Promise<Resource> => {
    const added = buildAddress();
    await UserModel.updateOne({ _id: customer.userId }, { $push: { addresses: added } });
    return { params: { addressId: added._id }, ...(body && { body }) };
  };
}

async function pushDevice({ customer }: Parties): Promise<Resource> {
  const { id } = await registerPushDevice(buildPhone(), customer.userId);
  return { params: { deviceId: id } };
}

async function personalExport({ customer }: Parties): Promise<Resource> {
  const { _id } = await createExport({ userId: customer.userId });
  return { params: { exportId: _id } };
}

/** The link is the key: whoever has it may. */
async function exportByLink({ customer }: Parties): Promise<Resource> {
  const { _id, expiresAt } = await createExport({ userId: customer.userId });
  const { searchParams } = new URL(exportLink(_id, expiresAt));
  return { params: { exportId: _id }, query: Object.fromEntries(searchParams) };
}

async function identity({ customer }: Parties): Promise<Resource> {
  const { provider } = await createIdentity({ userId: customer.userId });
  return { params: { provider }, body: { password: PASSWORD } };
}

/** Anybody signed in may begin; what comes of it is theirs alone. */
function identityLink(): Promise<Resource> {
  const body = { returnTo: RETURN_TO, codeChallenge: openPage().codeChallenge, password: PASSWORD };
  return Promise.resolve({ params: { provider: 'github' }, body });
}

async function restaurant({ owner }: Parties): Promise<Resource> {
  const { _id } = await createRestaurant({ ownerId: owner.userId });
  return { params: { restaurantId: _id } };
}

function restaurantWith(body: object) {
  return async (parties: Parties): Promise<Resource> => ({ ...(await restaurant(parties)), body });
}

function completeRestaurant(status: RestaurantRow['status'], body?: object) {
  return async ({ owner }: Parties): Promise<Resource> => {
    const { _id } = await createCompleteRestaurant({ ownerId: owner.userId, status, submittedAt: now() });
    return { params: { restaurantId: _id }, ...(body && { body }) };
  };
}

/** With a live branch. Of somebody who has no staff: a brand is nobody's place of work. */
function brand(body?: object) {
  return async ({ customer }: Parties): Promise<Resource> => {
    const { _id: brandId } = await createBrand({ ownerId: customer.userId });
    await createRestaurant({ ownerId: customer.userId, brandId });
    return { params: { brandId }, ...(body && { body }) };
  };
}

interface MenuIds {
  restaurantId: string;
  categoryId: string;
  itemId: string;
}

/** A menu of one item; which of its ids stand in the path. */
function menu(bodyOf?: (ids: MenuIds) => object, named: readonly (keyof MenuIds)[] = ['restaurantId']) {
  return async (parties: Parties): Promise<Resource> => {
    const { params } = await restaurant(parties);
    const restaurantId = params['restaurantId'] ?? '';
    const { _id: categoryId } = await createCategory({ restaurantId });
    const { _id: itemId } = await createMenuItem({ restaurantId, categoryId });
    const ids = { restaurantId, categoryId, itemId };
    const inPath = Object.fromEntries(named.map((name) => [name, ids[name]]));
    return { params: inPath, ...(bodyOf && { body: bodyOf(ids) }) };
  };
}

async function emptyCategory(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: categoryId } = await createCategory(params);
  return { params: { categoryId } };
}

async function menuAndBranch(parties: Parties): Promise<Resource> {
  const branch = await restaurant(parties);
  return { ...(await restaurant(parties)), body: { toRestaurantId: branch.params['restaurantId'] ?? '' } };
}

async function menuImport(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: importId } = await createMenuImport(params);
  return { params: { ...params, importId } };
}

async function vacancy(parties: Parties): Promise<Resource> {
  return { ...(await restaurant(parties)), body: { email: 'guest@example.com', role: 'kitchen' } };
}

function member(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { params } = await restaurant(parties);
    const { _id: userId } = await createUser({ roles: ['restaurant'] });
    await createMember({ ...params, userId, role: 'kitchen' });
    return { params: { ...params, userId }, ...(body && { body }) };
  };
}

async function invitation(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: invitationId } = await createInvitation(params);
  return { params: { ...params, invitationId } };
}

function cartLine(body?: object) {
  return async ({ customer }: Parties): Promise<Resource> => {
    const { restaurantId, lassi } = await createKitchen();
    const line = { restaurantId, itemId: lassi.id, quantity: 1, optionIds: [], replace: true };
    const cart = await addCartItem(line, customer.userId);
    return { params: { lineId: cart.lines[0]?.id ?? '' }, ...(body && { body }) };
  };
}

async function quote({ customer }: Parties): Promise<Resource> {
  const { _id } = await createQuote({ customerId: customer.userId });
  return { params: { quoteId: _id } };
}

function order(status: OrderStatus, body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id } = await createOrderIn(status, partyIds(parties));
    return { params: { orderId: _id }, ...(body && { body }) };
  };
}

/** Of a delivered order. */
function review(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id: orderId, restaurantId, customerId } = await createOrderIn('delivered', partyIds(parties));
    const { _id: reviewId } = await createReview({ orderId, restaurantId, customerId });
    return { params: { orderId, reviewId }, ...(body && { body }) };
  };
}

async function assigned(create: typeof createAssignedDelivery, parties: Parties): Promise<Assigned['delivery']> {
  const made = await create(partyIds(parties), { _id: parties.courier.userId });
  return made.delivery;
}

async function onItsWay(parties: Parties): Promise<Resource> {
  const { orderId } = await assigned(createAssignedDelivery, parties);
  return { params: { orderId } };
}

async function atPickup(parties: Parties): Promise<Resource> {
  const { orderId, handoverCode } = await assigned(createDeliveryAtPickup, parties);
  return { params: { orderId }, body: { code: handoverCode } };
}

function delivery(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id } = await assigned(createAssignedDelivery, parties);
    return { params: { deliveryId: _id }, ...(body && { body }) };
  };
}

async function atTheDoor(parties: Parties): Promise<Resource> {
  const { _id } = await assigned(createDeliveryAtDropoff, parties);
  return { params: { deliveryId: _id } };
}

async function dish({ owner }: Parties): Promise<Resource> {
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
  const { _id: itemId } = await createMenuItem({ restaurantId });
  return { params: { itemId } };
}

async function upload({ customer }: Parties): Promise<Resource> {
  const { _id: imageId } = await createImage({ ownerId: customer.userId, purpose: 'profile' });
  return { params: { imageId } };
}

/** With a picture of the sender's own. */
function withPicture(make: OwnershipRow['make'], purpose: ImagePurpose) {
  return async (parties: Parties): Promise<Resource> => ({
    ...(await make(parties)),
    bodyOf: async ({ userId: ownerId }) => ({ imageId: (await createImage({ ownerId, purpose }))._id }),
  });
}

async function offer(parties: Parties): Promise<Resource> {
  await createCourier({ _id: parties.courier.userId });
  const { _id } = await createOfferingDelivery(partyIds(parties));
  return { params: { offerId: (await getStoredOffer(_id, parties.courier.userId))._id } };
}

/**
 * One of everything, for lists, in a town of its own: the courier carries one delivery, `scout` has an offer for another.
 * @returns every id that nobody of another town may see
 */
export async function makeWorld(parties: Parties & { scout: Login }, metersAway: number): Promise<string[]> {
  const { customer, owner, courier, scout } = parties;
  const there = metersNorth(metersAway);
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, location: there });
  const local = {
    ...partyIds(parties),
    restaurantId,
    restaurant: { ...buildNewOrder().restaurant, location: fromGeoJson(there) },
  };
  const carried = await createAssignedDelivery(local, { _id: courier.userId, location: there });
  await createCourier({ _id: scout.userId, location: there });
  const open = await createOfferingDelivery(local);
  const { _id: offerId } = await getStoredOffer(open._id, scout.userId);
  const { params } = await address()(parties);
  const phone = await pushDevice(parties);
  await addFavourite(restaurantId, customer.userId);
  const kitchen = await createKitchen({ ownerId: owner.userId });
  const { _id: brandId } = await createBrand({ ownerId: owner.userId });
  const { _id: quoteId } = await quoteFor(kitchen, customer.userId);
  // Its own id is not shown.
  const { email } = await createIdentity({ userId: customer.userId });
  return [
    ...[customer, owner, courier, scout].flatMap(({ userId, sessionId }) => [userId, sessionId]),
    ...[
      restaurantId,
      quoteId,
      brandId,
      kitchen.restaurantId,
      kitchen.lassi.id,
      offerId,
      ...Object.values(params),
      ...Object.values(phone.params),
    ],
    ...(email === null ? [] : [email]),
    ...[open._id, open.orderId, carried.delivery._id, carried.delivery.orderId],
  ];
}
