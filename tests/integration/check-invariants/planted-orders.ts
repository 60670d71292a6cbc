import { draftPayment } from '../../../src/modules/payments/payment.model.ts';
import { newId } from '../../../src/shared/ids.ts';

import { entry, line, REPLAY, type Planted, type Row } from './plant.ts';

const FAR = new Date('2100-01-01T00:00:00.000Z');

/** One that the customer gave up, but for what `changes` say. */
const tipOf = ({ _id: orderId, ...order }: Row, changes: object): Row => ({
  ...draftPayment({
    ...{ paymentId: newId(), orderId, customerId: String(order['customerId']), amountMinor: 5, method: 'card' },
    ...{ currency: String(order['currency']), tipNumber: 1 },
  }),
  ...{ status: 'expired', ...changes },
});

/** Of the log, the bill and the money of an order, and its delivery. */
export const PLANTED_IN_ORDERS: Record<string, Planted> = {
  'event-seq-without-gap': {
    plants: ({ order }) => [
      { in: 'order_events', filter: { orderId: order._id, seq: 4 }, set: { $set: { seq: 400 } } },
    ],
    alsoBreaks: [REPLAY, 'log-is-legal-path'],
  },
  'log-is-legal-path': {
    plants: ({ order }) => [
      {
        in: 'order_events',
        filter: { orderId: order._id, type: 'order.accepted' },
        set: { $set: { type: 'order.collected', 'data.status': 'collected' } },
      },
    ],
    alsoBreaks: ['one-end'],
  },
  'version-counts-moves': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $inc: { version: 1 } } }],
    alsoBreaks: [REPLAY],
  },
  'replay-equals-order': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $set: { reason: 'a hand' } } }],
  },
  'one-end': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $set: { endedAt: null } } }],
    alsoBreaks: [REPLAY],
  },
  'waiting-has-timer': {
    plants: ({ order, now }) => [
      {
        in: 'orders',
        filter: { _id: order._id },
        set: { $set: { status: 'placed', placedAt: now, endedAt: null } },
      },
    ],
    alsoBreaks: [REPLAY, 'log-is-legal-path', 'one-end'],
  },
  'no-stage-past-deadline': {
    plants: ({ order, past }) => [
      {
        in: 'amendments',
        insert: { _id: newId(), orderId: order._id, status: 'proposed', expiresAt: past },
      },
    ],
    alsoBreaks: ['only-open-orders-ask'],
  },
  'only-open-orders-ask': {
    plants: ({ order }) => [
      {
        in: 'amendments',
        insert: { _id: newId(), orderId: order._id, status: 'proposed', expiresAt: FAR },
      },
    ],
  },
  'bill-adds-up': {
    plants: ({ order }) => [
      { in: 'orders', filter: { _id: order._id }, set: { $inc: { 'items.0.unitPriceMinor': 1 } } },
    ],
    alsoBreaks: [REPLAY],
  },
  'disputes-sum-to-payment': {
    plants: ({ order, now }) => [
      { in: 'payments', filter: { orderId: order._id }, set: { $inc: { disputedMinor: 1 } } },
      {
        in: 'disputes',
        insert: {
          _id: newId(),
          paymentId: order['paymentId'],
          orderId: order._id,
          amountMinor: 0,
          heldMinor: 2,
          status: 'open',
          openedAt: now,
        },
      },
    ],
    alsoBreaks: ['order-mirrors-payment', 'money-is-what-order-is-worth'],
  },
  'dispute-is-posted-as-it-moved': {
    plants: ({ order, now }) => [
      {
        in: 'disputes',
        insert: {
          ...{ _id: newId(), paymentId: order['paymentId'], orderId: order._id, openedAt: now },
          ...{ amountMinor: 2, heldMinor: 0, status: 'open' },
        },
      },
    ],
  },
  'tips-fit-their-order': {
    plants: ({ order }) => [{ in: 'payments', insert: tipOf(order, { customerId: newId() }) }],
  },
  'order-mirrors-tips': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $set: { tippedMinor: 5 } } }],
    alsoBreaks: [REPLAY],
  },
  'tip-is-the-couriers': {
    plants: ({ order }) => [
      { in: 'payments', insert: tipOf(order, { status: 'captured', amountCapturedMinor: 5 }) },
      { in: 'orders', filter: { _id: order._id }, set: { $set: { tippedMinor: 5 } } },
    ],
    alsoBreaks: [REPLAY, 'taken-is-posted'],
  },
  'payment-exists-and-fits': {
    plants: ({ order }) => [{ in: 'payments', filter: { orderId: order._id }, set: { $set: { currency: 'EUR' } } }],
  },
  'order-mirrors-payment': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $set: { paymentStatus: 'voided' } } }],
    alsoBreaks: [REPLAY],
  },
  'accepted-is-funded': {
    plants: ({ order }) => [
      { in: 'payments', filter: { orderId: order._id }, set: { $set: { status: 'failed' } } },
      { in: 'orders', filter: { _id: order._id }, set: { $set: { paymentStatus: 'failed' } } },
    ],
    alsoBreaks: [REPLAY],
  },
  'ended-is-settled': {
    plants: ({ order }) => [
      { in: 'payments', filter: { orderId: order._id }, set: { $set: { status: 'capturing' } } },
      { in: 'orders', filter: { _id: order._id }, set: { $set: { paymentStatus: 'capturing' } } },
    ],
    alsoBreaks: [REPLAY],
  },
  'money-is-what-order-is-worth': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $inc: { amountDueMinor: 100 } } }],
    alsoBreaks: [REPLAY, 'sale-is-posted'],
  },
  'refunds-within-captured': {
    plants: ({ order }) => [
      { in: 'payments', filter: { orderId: order._id }, set: { $set: { pendingRefundMinor: 99_999_999 } } },
    ],
    alsoBreaks: ['refund-rows-sum-to-payment'],
  },
  'refund-rows-sum-to-payment': {
    plants: ({ order }) => [
      {
        in: 'refunds',
        insert: {
          ...{ _id: newId(), orderId: order._id, paymentId: order['paymentId'], amountMinor: 100 },
          ...{ status: 'succeeded', isReserved: false, sourceId: newId() },
        },
      },
    ],
  },
  'taken-is-posted': {
    plants: ({ order }) => [
      {
        in: 'ledger_entries',
        filter: { orderId: order._id, kind: 'capture' },
        set: { $set: { kind: 'dispute' } },
      },
    ],
    alsoBreaks: ['clearing-returns-to-zero'],
  },
  'sale-is-posted': {
    plants: ({ order }) => [
      { in: 'ledger_entries', filter: { orderId: order._id, kind: 'sale' }, set: { $set: { kind: 'refund_charge' } } },
    ],
    alsoBreaks: ['way-is-paid'],
  },
  'way-is-paid': {
    plants: ({ order }) => [
      { in: 'orders', filter: { _id: order._id }, set: { $inc: { 'pricing.freeWayMinor': 100_000 } } },
    ],
    alsoBreaks: [REPLAY, 'sale-is-posted'],
  },
  'customer-account-at-zero': {
    plants: (given) => [
      {
        in: 'ledger_entries',
        insert: entry([line('customer', 500, 'c'), line('platform_revenue', -500)], given, {
          orderId: given.order._id,
        }),
      },
    ],
  },
  'delivered-has-proof': {
    plants: ({ order }) => [
      {
        in: 'order_events',
        filter: { orderId: order._id, type: 'delivery.delivered' },
        set: { $set: { 'actor.role': 'support' } },
      },
    ],
  },
  'order-mirrors-delivery': {
    plants: ({ order }) => [{ in: 'orders', filter: { _id: order._id }, set: { $set: { courierId: newId() } } }],
    alsoBreaks: [REPLAY, 'sale-is-posted'],
  },
  'end-stops-delivery': {
    plants: ({ order }) => [
      { in: 'deliveries', filter: { orderId: order._id }, set: { $set: { status: 'offering' } } },
      { in: 'orders', filter: { _id: order._id }, set: { $set: { deliveryStatus: 'offering' } } },
    ],
    alsoBreaks: [REPLAY, 'delivered-has-proof'],
  },
  'one-taker': {
    plants: ({ order }) => [
      {
        in: 'offers',
        filter: { orderId: order._id, status: 'accepted' },
        set: { $set: { courierId: newId() } },
      },
    ],
  },
};
