/** The documents of one order. Same fields and sizes as ours; the bench checks both. */
import { mongo } from 'mongoose';
import type { QuoteRow } from '../../../src/modules/checkout/quote.model.ts';
import { draftOrder } from '../../../src/modules/orders/placement.service.ts';
import { draftPayment } from '../../../src/modules/payments/payment.model.ts';
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

export function buildDocuments(job: Job, row: Plain, restaurant: Plain) {
  const at = now();
  const ids = { orderId: newPlainId(), paymentId: newPlainId() };
  const quote = row as unknown as QuoteRow;
  const order = buildOrder(ids, quote, restaurant);
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
    payment: buildPayment(ids, quote),
  };
}

/** Field by field what ours writes: what is compared is the way of writing it. */
function buildOrder(ids: { orderId: string; paymentId: string }, quote: QuoteRow, restaurant: Plain): Plain {
  const { _id: quoteId, customerId, restaurantId, currency, items, pricing, deliveryAddress, distanceMeters } = quote;
  const { mode, slot, releaseAt, coupon, replacement, prepMinutes, eta } = quote;
  const order = draftOrder({
    ...{ ...ids, quoteId, customerId, restaurantId, ownerId: String(restaurant['ownerId']), currency, items, pricing },
    ...{ mode, slot, releaseAt, coupon, replacement, deliveryAddress, distanceMeters, prepMinutes, notes: NOTES },
    ...{ restaurant: quote.restaurant, promisedAt: eta.to, paymentMethod: 'card' },
    commissionBasisPoints: Number(restaurant['commissionBasisPoints']),
  });
  return { ...order };
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

function buildPayment(ids: { orderId: string; paymentId: string }, quote: QuoteRow): Plain {
  const { customerId, currency, pricing } = quote;
  return { ...draftPayment({ ...ids, customerId, currency, amountMinor: pricing.totalMinor, method: 'card' }) };
}

/** The plain way knows its answer before it writes: the order. */
function buildKey({ key, userId, quoteId }: Job, order: Plain, at: Date): Plain {
  const row = { userId, operation: 'placeOrder', bodyHash: quoteId, answer: JSON.stringify(order), createdAt: at };
  return { _id: `${userId}|placeOrder|${key}`, ...row };
}
