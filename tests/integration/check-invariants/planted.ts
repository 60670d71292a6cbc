import { newId } from '../../../src/shared/ids.ts';

import { entry, line, REPLAY, type Planted, type Row } from './plant.ts';
import { PLANTED_IN_ORDERS } from './planted-orders.ts';

/** For each invariant, by name: the smallest change to a sound database that breaks it. */
export const PLANTED: Record<string, Planted> = {
  ...PLANTED_IN_ORDERS,
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
  'invoice-numbers-without-gap': {
    plants: ({ order }) => [
      {
        in: 'invoices',
        insert: { _id: newId(), orderId: order._id, issuerId: 'x', kind: 'invoice', year: 2026, sequence: 2 },
      },
    ],
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
