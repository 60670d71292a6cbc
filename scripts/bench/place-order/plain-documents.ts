/** The documents of one order, built by hand as a plain program would. Same fields and sizes as ours; the bench checks both. */
import { mongo } from 'mongoose';
import { addMs, dateFrom, now } from '../../../src/shared/clock.ts';
import { NOTES, type Job } from './jobs.ts';

/** A document as the driver gives it: of no known type. */
export interface Plain {
  _id: string;
  [field: string]: unknown;
}

const PAY_TIMEOUT_MS = 900_000;

export function newPlainId(): string {
  return new mongo.ObjectId().toHexString();
}

export function buildDocuments(job: Job, quote: Plain, restaurant: Plain) {
  const at = now();
  const ids = { orderId: newPlainId(), paymentId: newPlainId() };
  const order = buildOrder({ ...ids, quote, restaurant, at });
  const event = buildEvent(order, at);
  return {
    order,
    event,
    key: buildKey(job, order, at),
    outbox: buildOutbox(order, event, at),
    timer: {
      _id: `order.pay-${ids.orderId}`,
      kind: 'order.pay',
      subjectId: ids.orderId,
      dueAt: addMs(at, PAY_TIMEOUT_MS),
      claimedUntil: dateFrom(0),
      attempts: 0,
    },
    payment: buildPayment(ids, quote, at),
  };
}

interface OrderParts {
  orderId: string;
  paymentId: string;
  quote: Plain;
  restaurant: Plain;
  at: Date;
}

function buildOrder({ orderId, paymentId, quote, restaurant, at }: OrderParts): Plain {
  const { customerId, restaurantId, currency, items, pricing, deliveryAddress, distanceMeters, prepMinutes } = quote;
  return {
    ...{ paymentId, quoteId: quote._id, customerId, restaurantId, ownerId: restaurant['ownerId'] },
    ...{ currency, items, pricing, restaurant: quote['restaurant'], deliveryAddress, distanceMeters, prepMinutes },
    promisedAt: (quote['eta'] as { to: Date }).to,
    _id: orderId,
    number: orderId.slice(-6).toUpperCase(),
    ...{ status: 'pending_payment', version: 1, eventSeq: 1, courierId: null, paymentStatus: 'requires_payment' },
    ...{ deliveryStatus: null, notes: NOTES, reason: null, readyEta: null },
    ...{ createdAt: at, updatedAt: at, placedAt: null, endedAt: null },
  };
}

function buildEvent(order: Plain, at: Date): Plain {
  return {
    _id: newPlainId(),
    orderId: order._id,
    seq: 1,
    type: 'order.created',
    actor: { role: 'customer', id: order['customerId'] },
    data: { status: order['status'] },
    at,
  };
}

function buildOutbox(order: Plain, event: Plain, at: Date): Plain {
  const { customerId, restaurantId, courierId } = order;
  const { orderId, seq, type, data } = event;
  return {
    _id: newPlainId(),
    event: type,
    payload: { orderId, seq, type, at: at.toISOString(), data, customerId, restaurantId, courierId },
    requestId: newPlainId(),
    ...{ createdAt: at, dueAt: at, attempts: 0, subscribers: [], doneBy: [], doneAt: null },
  };
}

function buildPayment({ orderId, paymentId }: { orderId: string; paymentId: string }, quote: Plain, at: Date): Plain {
  const { customerId, currency, pricing } = quote;
  return {
    ...{
      _id: paymentId,
      orderId,
      customerId,
      amountMinor: (pricing as { totalMinor: number }).totalMinor,
      currency,
      status: 'requires_payment',
    },
    ...{ intentId: null, clientSecret: null, amountCapturedMinor: 0, amountRefundedMinor: 0, failureCode: null },
    ...{ createdAt: at, updatedAt: at },
  };
}

/** The plain way knows its answer before it writes: the order. */
function buildKey({ key, userId, quoteId }: Job, order: Plain, at: Date): Plain {
  const row = { userId, operation: 'placeOrder', bodyHash: quoteId, answer: JSON.stringify(order), createdAt: at };
  return { _id: `${userId}|placeOrder|${key}`, ...row };
}
