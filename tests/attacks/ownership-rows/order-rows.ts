import { addCartItem } from '../../../src/modules/carts/carts.service.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import type { OrderStatus } from '../../../src/modules/orders/index.ts';
import { makeOrderDocuments } from '../../../src/modules/reports/order-documents.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createQuote } from '../../factories/quote.ts';
import { createCapturedOrder } from '../../factories/refund.ts';
import { createReview } from '../../factories/review.ts';
import type { Login } from '../../support/log-in.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { atPickup, comingBack, failing, onItsWay } from './delivery-rows.ts';
import { partyIds, type Entitled, type OwnershipRows, type Parties, type Resource } from './ownership-row.ts';
import { restaurant } from './restaurant-rows.ts';

const PARTIES: readonly Entitled[] = ['customer', 'owner', 'courier', 'office'];

/** Of carts, quotes, orders and their reviews. */
export const ORDER_ROWS: OwnershipRows = {
  'get /restaurants/:restaurantId/orders': { entitled: ['owner'], make: restaurant },
  'patch /cart/items/:lineId': { entitled: ['customer'], make: cartLine({ quantity: 3 }) },
  'delete /cart/items/:lineId': { entitled: ['customer'], make: cartLine() },
  'get /quotes/:quoteId': { entitled: ['customer'], make: quote },
  'get /orders/:orderId': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/events': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/tracking': { entitled: PARTIES, make: onItsWay },
  'get /orders/:orderId/receipt': { entitled: ['customer', 'owner', 'office'], make: billed },
  'get /orders/:orderId/invoice': { entitled: ['customer', 'owner', 'office'], make: billed },
  'post /orders/:orderId/cancel': { entitled: ['customer', 'owner', 'office'], isOnce: true, make: cancellable },
  'post /orders/:orderId/delay': { entitled: ['owner'], make: order('accepted', { prepMinutes: 30 }) },
  'get /orders/:orderId/amendments': { entitled: PARTIES, make: onItsWay },
  'post /orders/:orderId/amendments': { entitled: ['owner'], isOnce: true, make: amendable },
  'post /orders/:orderId/amendments/:amendmentId/respond': { entitled: ['customer'], make: amended },
  'post /orders/:orderId/delivery-pin': { entitled: ['customer'], make: onItsWay },
  'post /orders/:orderId/accept': { entitled: ['owner'], make: order('placed', { prepMinutes: 15 }) },
  'post /orders/:orderId/reject': { entitled: ['owner'], make: order('placed', { reason: 'too_busy' }) },
  'post /orders/:orderId/preparing': { entitled: ['owner'], make: order('accepted') },
  'post /orders/:orderId/ready': { entitled: ['owner'], make: order('preparing') },
  'post /orders/:orderId/handover': { entitled: ['owner'], make: atPickup },
  'post /orders/:orderId/take-back': { entitled: ['owner'], make: comingBack },
  'post /orders/:orderId/fail': { entitled: ['office'], isOnce: true, make: failing },
  'post /orders/:orderId/collection-code': { entitled: ['customer'], make: waitingToBeCollected },
  'post /orders/:orderId/no-show': { entitled: ['owner'], make: givenUp },
  'post /orders/:orderId/reorder': { entitled: ['customer'], make: reorderable },
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
};

const REMOVAL = (lineId: string) => ({ changes: [{ kind: 'remove' as const, lineId, isSoldOut: false }] });

async function amendable(parties: Parties): Promise<Resource> {
  const { _id, items } = await createOrderIn('accepted', partyIds(parties));
  return { params: { orderId: _id }, body: REMOVAL(items[0]?.lineId ?? '') };
}

async function amended(parties: Parties): Promise<Resource> {
  const { _id, items } = await createOrderIn('accepted', partyIds(parties));
  const owner: Actor = { userId: parties.owner.userId, roles: ['restaurant'], sessionId: newId() };
  const { amendments } = await proposeAmendment({ orderId: _id, ...REMOVAL(items[0]?.lineId ?? '') }, owner);
  return { params: { orderId: _id, amendmentId: amendments[0]?._id ?? '' }, body: { answer: 'accepted' } };
}

/** Each part in the order says something else of why it ends. */
async function cancellable(parties: Parties): Promise<Resource> {
  const { _id } = await createOrderIn('accepted', partyIds(parties));
  const reason = 'other';
  const bodyOf = ({ user, userId }: Login) => {
    if (userId === parties.customer.userId) return Promise.resolve({});
    const isOffice = user.roles.some((role) => role === 'support' || role === 'admin');
    return Promise.resolve(isOffice ? { reason, liableParty: 'platform' } : { reason });
  };
  return { params: { orderId: _id }, bodyOf };
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

const COLLECTED = { mode: 'collection', deliveryAddress: null } as const;

async function waitingToBeCollected(parties: Parties): Promise<Resource> {
  const { _id } = await createOrderIn('ready', { ...partyIds(parties), ...COLLECTED });
  return { params: { orderId: _id } };
}

/** Its time is over, and no timer has fired yet. */
async function givenUp(parties: Parties): Promise<Resource> {
  const resource = await waitingToBeCollected(parties);
  await OrderModel.updateOne({ _id: resource.params['orderId'] ?? '' }, { collectUntil: now() });
  return resource;
}

/** Of a restaurant that is live. */
async function reorderable(parties: Parties): Promise<Resource> {
  const { restaurantId, ownerId } = await createKitchen({ ownerId: parties.owner.userId });
  const { _id } = await createOrderIn('placed', { customerId: parties.customer.userId, restaurantId, ownerId });
  return { params: { orderId: _id }, body: { replace: true } };
}

function order(status: OrderStatus, body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id } = await createOrderIn(status, partyIds(parties));
    return { params: { orderId: _id }, ...(body && { body }) };
  };
}

/** Its papers are made: the answer is a link. */
async function billed(parties: Parties): Promise<Resource> {
  const { _id: orderId } = await createCapturedOrder(partyIds(parties));
  await makeOrderDocuments(orderId);
  return { params: { orderId } };
}

/** Of a delivered order. */
function review(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id: orderId, restaurantId, customerId } = await createOrderIn('delivered', partyIds(parties));
    const { _id: reviewId } = await createReview({ orderId, restaurantId, customerId });
    return { params: { orderId, reviewId }, ...(body && { body }) };
  };
}
