import { draftPayment } from '../../../src/modules/payments/payment.model.ts';
import { newId } from '../../../src/shared/ids.ts';

export interface Row extends Record<string, unknown> {
  _id: string;
}

export interface Plant {
  in: string;
  filter?: object;
  /** An update of the one row. */
  set?: object;
  insert?: Row;
}

interface Given {
  /** Delivered, paid, at rest. */
  order: Row;
  /** Ended before the kitchen had begun. */
  refused: Row;
  now: Date;
  /** Ten days ago. */
  past: Date;
}

export interface Planted {
  plants: (given: Given) => Plant[];
  /** What cannot hold either, when this does not. */
  alsoBreaks?: readonly string[];
  /** What would keep it from happening: taken away for the moment. */
  withoutIndex?: { in: string; key: Record<string, 1> };
}

const REPLAY = 'replay-equals-order';
const entry = (lines: object[], given: Given, changes: object = {}): Row => ({
  ...{ _id: newId(), kind: 'payout_paid', sourceId: newId(), orderId: null, currency: 'INR', lines },
  ...{ createdAt: given.now, ...changes },
});
const line = (account: string, amountMinor: number, ownerId: string | null = null) => ({
  account,
  ownerId,
  amountMinor,
});

/** One that the customer gave up, but for what `changes` say. */
const tipOf = ({ _id: orderId, ...order }: Row, changes: object): Row => ({
  ...draftPayment({
    ...{ paymentId: newId(), orderId, customerId: String(order['customerId']), amountMinor: 5, method: 'card' },
    ...{ currency: String(order['currency']), tipNumber: 1 },
  }),
  ...{ status: 'expired', ...changes },
});

/** For each invariant, by name: the smallest change to a sound database that breaks it. */
export const PLANTED: Record<string, Planted> = {
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
          heldMinor: 2,
          status: 'open',
          openedAt: now,
        },
      },
    ],
    alsoBreaks: ['money-is-what-order-is-worth'],
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
  'coupon-of-order-is-claimed': {
    plants: ({ order }) => [
      {
        in: 'orders',
        filter: { _id: order._id },
        set: { $set: { coupon: { couponId: newId(), code: 'X', discountMinor: 0, fundedBy: 'platform' } } },
      },
    ],
    alsoBreaks: [REPLAY],
  },
  'coupon-goes-by-who-is-to-blame': {
    plants: ({ past, refused }) => [
      {
        in: 'coupon_redemptions',
        insert: {
          ...{ _id: refused._id, couponId: newId(), customerId: newId(), discountMinor: 0 },
          ...{ createdAt: past, releasedAt: null },
        },
      },
    ],
    alsoBreaks: ['coupon-of-order-is-claimed', 'coupon-uses-per-customer'],
  },
  'end-before-kitchen-gives-back': {
    plants: ({ past, refused }) => [
      {
        in: 'stock_claims',
        insert: { _id: refused._id, restaurantId: newId(), items: [], createdAt: past, returnedAt: null },
      },
    ],
  },
  'no-timer-overdue': {
    plants: ({ past }) => [
      {
        in: 'timers',
        insert: { _id: newId(), kind: 'x', subjectId: newId(), dueAt: past, claimedUntil: past, attempts: 3 },
      },
    ],
  },
  'posting-sums-to-zero': {
    plants: (given) => [{ in: 'ledger_entries', insert: entry([line('bank', 5)], given) }],
  },
  'posted-once': {
    plants: (given) => [
      { in: 'ledger_entries', insert: entry([line('bank', 5), line('tax', -5)], given, { sourceId: 'one' }) },
      { in: 'ledger_entries', insert: entry([line('bank', 5), line('tax', -5)], given, { sourceId: 'one' }) },
    ],
    withoutIndex: { in: 'ledger_entries', key: { kind: 1, sourceId: 1 } },
  },
  'clearing-returns-to-zero': {
    plants: (given) => [
      {
        in: 'ledger_entries',
        insert: entry([line('provider_clearing', 5), line('tax', -5)], given, { createdAt: given.past }),
      },
    ],
  },
  'payables-equal-books': {
    plants: () => [{ in: 'ledger_payables', set: { $inc: { amountMinor: 1 } } }],
  },
  'payout-equals-its-rows': {
    plants: () => [{ in: 'payouts', insert: { _id: newId(), amountMinor: 700 } }],
  },
  'courier-carries-one': {
    plants: () => [
      { in: 'deliveries', filter: { status: 'delivered' }, set: { $set: { status: 'at_pickup', courierId: 'one' } } },
      { in: 'deliveries', filter: { status: 'delivered' }, set: { $set: { status: 'at_pickup', courierId: 'one' } } },
    ],
    alsoBreaks: [
      'courier-and-delivery-agree',
      'order-mirrors-delivery',
      'end-stops-delivery',
      'delivered-has-proof',
      'one-taker',
    ],
  },
  'courier-and-delivery-agree': {
    plants: () => [{ in: 'couriers', set: { $set: { activeDeliveryId: newId() } } }],
  },
  'promise-kept': {
    plants: ({ past }) => [{ in: 'outbox', insert: promise({ createdAt: past, subscribers: ['a'], doneBy: [] }) }],
  },
  'done-by-all': {
    plants: ({ past }) => [
      { in: 'outbox', insert: promise({ createdAt: past, doneAt: past, subscribers: ['a', 'b'], doneBy: ['a'] }) },
    ],
  },
  'event-was-promised': {
    plants: ({ order, now }) => [
      { in: 'outbox', insert: promise({ createdAt: now, doneAt: now, payload: { orderId: order._id, seq: 1 } }) },
      { in: 'order_events', filter: { orderId: order._id, seq: 2 }, set: { $set: { at: now } } },
    ],
  },
  'mail-is-told-once': {
    plants: ({ past }) => [{ in: 'notifications', insert: { _id: newId(), status: 'sending', createdAt: past } }],
  },
  'coupon-uses-equal-redemptions': {
    plants: () => [{ in: 'coupons', filter: { code: 'WELCOME20' }, set: { $inc: { uses: 1 } } }],
  },
  'coupon-within-limits': {
    plants: () => [{ in: 'coupons', filter: { code: 'LASTONE' }, set: { $set: { uses: 2 } } }],
    alsoBreaks: ['coupon-uses-equal-redemptions'],
  },
  'coupon-uses-per-customer': {
    plants: () => [{ in: 'coupon_users', insert: { _id: `${newId()}-${newId()}`, uses: 1 } }],
  },
  'slot-equals-claims': {
    plants: ({ now }) => [
      { in: 'kitchen_slots', insert: { _id: newId(), restaurantId: newId(), startAt: now, taken: 1 } },
    ],
  },
  'nothing-below-zero': {
    plants: () => [{ in: 'menu_items', set: { $set: { stock: -1 } } }],
  },
  'nothing-dangles': {
    plants: () => [{ in: 'reviews', set: { $set: { orderId: newId() } } }],
  },
  'acknowledged-order-exists': {
    plants: ({ now }) => [{ in: 'quotes', insert: { _id: newId(), orderId: newId(), expiresAt: now } }],
  },
  'one-order-per-quote': {
    plants: () => [
      { in: 'orders', filter: { quoteId: { $ne: 'twice' } }, set: { $set: { quoteId: 'twice' } } },
      { in: 'orders', filter: { quoteId: { $ne: 'twice' } }, set: { $set: { quoteId: 'twice' } } },
    ],
    withoutIndex: { in: 'orders', key: { quoteId: 1 } },
    alsoBreaks: [REPLAY],
  },
  'attached-image-is-ready': {
    plants: ({ past }) => [
      { in: 'images', insert: { _id: newId(), status: 'ready', attachedTo: null, sweepAt: null, updatedAt: past } },
    ],
  },
};

function promise(changes: object): Row {
  const row = { event: 'x', payload: {}, subscribers: [], doneBy: [], doneAt: null };
  return { _id: newId(), ...row, ...changes };
}
