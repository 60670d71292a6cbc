import { withTransaction, type IdempotentRequest } from '../../src/infra/mongo/index.ts';
import { cancelTimers } from '../../src/infra/timers/index.ts';
import {
  completeOrder,
  createOrder,
  draftOrder,
  expireUnansweredOrder,
  expireUnpaidOrder,
  findOrder,
  markOrderPaid,
  PAY_TIMER,
  pickUpOrder,
  type NewOrder,
  type OrderRecord,
  type OrderStatus,
} from '../../src/modules/orders/index.ts';
import { cancelOrder } from '../../src/modules/orders/cancellation/cancellation.service.ts';
import type { EventActor } from '../../src/modules/orders/order-event.model.ts';
import { transitionOf } from '../../src/modules/orders/order.machine.ts';
import { takeTransition } from '../../src/modules/orders/order-transition.service.ts';
import type { TransitionName } from '../../src/modules/orders/order.machine.ts';
import {
  acceptOrder,
  markOrderPreparing,
  markOrderReady,
  rejectOrder,
} from '../../src/modules/orders/orders.service.ts';
import { createPayment } from '../../src/modules/payments/index.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { now, secondsFromNow } from '../../src/shared/clock.ts';
import { idFrom, newId } from '../../src/shared/ids.ts';
import { ensureRestaurant, TOWN } from './restaurant.ts';

const LINE = idFrom('line', 1);
const SYSTEM: EventActor = { role: 'system', id: null };

/** Two and a half kilometers by road, from the middle of the town; 112.00 in all. */
export function buildNewOrder(changes: Partial<NewOrder> = {}): NewOrder {
  return {
    orderId: newId(),
    paymentId: newId(),
    quoteId: newId(),
    customerId: newId(),
    restaurantId: newId(),
    ownerId: newId(),
    currency: 'INR',
    items: [
      {
        ...{ lineId: LINE, itemId: newId(), name: 'Lassi', quantity: 1, unitPriceMinor: 6_000, options: [] },
        lineTotalMinor: 6_000,
      },
    ],
    pricing: {
      ...{ currency: 'INR', pricesIncludeTax: false, itemsMinor: 6_000, deliveryFeeMinor: 3_900 },
      ...{ packagingFeeMinor: 0, smallOrderFeeMinor: 0, itemsDiscountMinor: 0, deliveryDiscountMinor: 0 },
      lines: [
        {
          ...{ id: LINE, quantity: 1, unitMinor: 6_000, reductionMinor: 0, subtotalMinor: 6_000 },
          ...{ discountMinor: 0, taxCategory: 'food', taxMinor: 300, totalMinor: 6_300 },
        },
      ],
      taxes: [{ category: 'food', basisPoints: 500, taxableMinor: 6_000, taxMinor: 300 }],
      ...{
        discount: null,
        taxRates: { food: 500 },
        feeTaxMinor: { delivery: 0, service: 0, packaging: 0, smallOrder: 0 },
      },
      ...{ serviceFeeMinor: 0, taxMinor: 300, tipMinor: 1_000, totalMinor: 11_200 },
    },
    restaurant: {
      name: 'Pepper House',
      addressLine: '7 Customs House Road',
      phone: '+12015550100',
      location: TOWN,
      timeZone: 'Asia/Kolkata',
    },
    deliveryAddress: {
      label: 'Home',
      line1: '12 Lighthouse Lane',
      city: 'Saffron Bay',
      location: { lat: TOWN.lat - 0.017, lng: TOWN.lng },
      instructions: 'Blue door',
    },
    distanceMeters: 2_552,
    ...{
      mode: 'delivery',
      slot: null,
      releaseAt: null,
      paymentMethod: 'card',
      coupon: null,
      replacement: 'refund_item',
    },
    promisedAt: now(),
    prepMinutes: 20,
    commissionBasisPoints: 2_000,
    ...changes,
  };
}

/** The same, and the restaurant with its owner: who may act for it is read there. */
export async function prepareNewOrder(changes: Partial<NewOrder> = {}): Promise<NewOrder> {
  const input = buildNewOrder(changes);
  const { ownerId } = await ensureRestaurant(input.restaurantId, input.ownerId);
  return { ...input, ownerId };
}

type Step = (order: NewOrder) => Promise<unknown>;

/** A transition of the table that no use case takes yet. */
function bare(name: TransitionName): Step {
  const actor: EventActor = { role: transitionOf(name).actors[0] ?? 'system', id: null };
  return ({ orderId }) => withTransaction((tx) => takeTransition(tx, name, { orderId, actor, owner: {} }));
}

const schedule: Step = ({ orderId }) =>
  withTransaction(async (tx) => {
    await takeTransition(tx, 'O4', { orderId, actor: SYSTEM, owner: {} });
    await cancelTimers(tx, orderId, [PAY_TIMER]);
  });
const pay: Step = ({ orderId }) => withTransaction((tx) => markOrderPaid(tx, orderId));
const accept: Step = (order) => {
  const owner = ownerActor(order);
  const idempotency = idempotent(owner, 'acceptOrder');
  return acceptOrder({ orderId: order.orderId, prepMinutes: 20, idempotency }, owner);
};
const reject: Step = (order) => {
  const owner = ownerActor(order);
  const idempotency = idempotent(owner, 'rejectOrder');
  return rejectOrder({ orderId: order.orderId, reason: 'too_busy', idempotency }, owner);
};
const cancel: Step = (order) => {
  const customer = customerActor(order);
  return cancelOrder({ orderId: order.orderId, idempotency: idempotent(customer, 'cancelOrder') }, customer);
};
const prepare: Step = (order) => markOrderPreparing(order.orderId, ownerActor(order));
const finishCooking: Step = (order) => markOrderReady(order.orderId, ownerActor(order));
const handOver: Step = ({ orderId, ownerId }) =>
  withTransaction((tx) => pickUpOrder(tx, { orderId, actor: { role: 'restaurant', id: ownerId } }));
const bring: Step = ({ orderId }) =>
  withTransaction((tx) => completeOrder(tx, { orderId, actor: { role: 'courier', id: null }, courierFeeMinor: 4_900 }));
const expireUnpaid: Step = ({ orderId }) => withTransaction((tx) => expireUnpaidOrder(tx, orderId));
const expireUnanswered: Step = ({ orderId }) => expireUnansweredOrder(orderId, secondsFromNow(3600));

/** How an order comes to each status, through the real use cases where there are any. */
const WAYS: Record<OrderStatus, readonly Step[]> = {
  pending_payment: [],
  scheduled: [schedule],
  placed: [pay],
  accepted: [pay, accept],
  preparing: [pay, accept, prepare],
  ready: [pay, accept, prepare, finishCooking],
  picked_up: [pay, accept, prepare, finishCooking, handOver],
  delivered: [pay, accept, prepare, finishCooking, handOver, bring],
  collected: [pay, accept, finishCooking, bare('O14')],
  no_show: [pay, accept, finishCooking, bare('O15')],
  rejected: [pay, reject],
  expired: [pay, expireUnanswered],
  cancelled: [pay, cancel],
  failed: [pay, accept, handOver, bare('O20')],
};

/** An order in a status, with the row it is paid by; the payment stays where it began. */
export async function createOrderIn(status: OrderStatus, changes: Partial<NewOrder> = {}): Promise<OrderRecord> {
  const input = await prepareNewOrder(changes);
  await placeUnpaid(input);
  for (const step of WAYS[status]) await step(input);
  return getStoredOrder(input.orderId);
}

/** Ended before anybody paid. */
export async function createUnpaidExpiredOrder(changes: Partial<NewOrder> = {}): Promise<OrderRecord> {
  const input = await prepareNewOrder(changes);
  await placeUnpaid(input);
  await expireUnpaid(input);
  return getStoredOrder(input.orderId);
}

/** As checkout does, without a quote. */
async function placeUnpaid(input: NewOrder): Promise<void> {
  const { orderId, paymentId, customerId, currency, pricing, paymentMethod: method } = input;
  await withTransaction(async (tx) => {
    await createOrder(tx, draftOrder(input));
    await createPayment(tx, { paymentId, orderId, customerId, currency, amountMinor: pricing.totalMinor, method });
  });
}

export function idempotent(actor: Actor, operation: string): IdempotentRequest {
  return { key: newId(), operation, userId: actor.userId, bodyHash: newId() };
}

export function ownerActor({ ownerId }: { ownerId: string }): Actor {
  return { userId: ownerId, roles: ['customer', 'restaurant'], sessionId: newId() };
}

export function customerActor({ customerId }: { customerId: string }): Actor {
  return { userId: customerId, roles: ['customer'], sessionId: newId() };
}

export async function getStoredOrder(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new Error('no such order');
  return order;
}
