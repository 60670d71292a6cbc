import { TERMINAL_STATUSES, type OrderStatus } from '../../src/modules/orders/order.machine.ts';
import type { PaymentStatus } from '../../src/modules/payments/payment.machine.ts';
import type { PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import { addMs } from '../../src/shared/clock.ts';
import type { Moment, OrderCase, OrderInvariant } from './types.ts';

type Order = OrderCase['order'];

const COOKED_FOR: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'delivered', 'collected'];
const FULFILLED: readonly OrderStatus[] = ['delivered', 'collected'];
/** Whoever cooks is sure of the money: it is held, taken, or will be at the door; what support or a bank gave back was there before. */
const FUNDED: readonly PaymentStatus[] = [
  ...(['authorized', 'capturing', 'captured', 'partially_refunded', 'refunded', 'disputed'] as const),
  ...(['cod_due', 'cod_collected', 'settled'] as const),
];
/** The provider or the customer has not said the last word. */
const UNRESOLVED: readonly PaymentStatus[] = [
  ...(['requires_payment', 'requires_action', 'authorized', 'capturing', 'voiding'] as const),
];
/** A capture that was refused for good; the customer may pay again. */
const PROBLEM = 'payment_problem';

/** The money of an order is what the order is worth. */
export const MONEY_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'payment-exists-and-fits',
    source: 'bar I1',
    judge({ order, payment }) {
      if (payment === null) return ['it has no payment'];
      const { _id, currency, customerId, method } = payment;
      const theirs = { paymentId: _id, currency, customerId, paymentMethod: method };
      return differences(theirs, order).map((field) => `its payment has another ${field}`);
    },
  },
  {
    name: 'order-mirrors-payment',
    source: 'bar I3',
    judge({ order, payment }) {
      if (payment === null) return [];
      const { status, amountRefundedMinor } = payment;
      const isMirrored = order.paymentStatus === status || order.paymentStatus === PROBLEM;
      return [
        ...(isMirrored ? [] : [`it says ${order.paymentStatus}, its payment is ${status}`]),
        ...(order.amountRefundedMinor === amountRefundedMinor
          ? []
          : [`it says ${order.amountRefundedMinor} refunded, its payment ${amountRefundedMinor}`]),
        ...(order.disputedMinor === payment.disputedMinor
          ? []
          : [`it says ${order.disputedMinor} disputed, its payment ${payment.disputedMinor}`]),
      ];
    },
  },
  {
    name: 'accepted-is-funded',
    source: 'domain 1',
    judge({ order, payment }) {
      if (payment === null || !COOKED_FOR.includes(order.status)) return [];
      const isFunded = FUNDED.includes(payment.status) || order.paymentStatus === PROBLEM || order.amountDueMinor === 0;
      return isFunded ? [] : [`it is ${order.status}, and its payment ${payment.status}`];
    },
  },
  {
    name: 'ended-is-settled',
    source: 'domain 2',
    judge(one, moment) {
      const { order, payment } = one;
      if (payment === null || !isLongOver(order, moment)) return [];
      const isOpenCash = payment.status === 'cod_due' && dueOf(order) === 0;
      return UNRESOLVED.includes(payment.status) || isOpenCash
        ? [`it is ${order.status} since ${order.endedAt?.toISOString()}, and its payment still ${payment.status}`]
        : [];
    },
  },
  {
    name: 'money-is-what-order-is-worth',
    source: 'domain 2, bar I3',
    judge(one, moment) {
      const { order, payment } = one;
      if (payment === null || !isLongOver(order, moment) || isExcused(one)) return [];
      const dueMinor = dueOf(order);
      const { amountCapturedMinor, amountRefundedMinor, settledRefundMinor, disputedMinor } = payment;
      // What was given by hand is on top of what the order is worth, as far as there was money left for it.
      const wantedMinor = Math.max(dueMinor, amountRefundedMinor - settledRefundMinor);
      // A lost dispute first gives what was owed anyhow.
      const leftMinor = amountCapturedMinor - settledRefundMinor;
      const keptMinor = leftMinor - Math.min(Math.max(0, leftMinor - wantedMinor), disputedMinor);
      const isUnpaidFee = keptMinor === 0 && !FULFILLED.includes(order.status);
      return keptMinor === wantedMinor || (isUnpaidFee && amountCapturedMinor === 0)
        ? []
        : [`it is ${order.status} and worth ${wantedMinor}, and ${keptMinor} is kept`];
    },
  },
  {
    name: 'refunds-within-captured',
    source: 'domain 5, bar I3',
    judge: (one) => paymentsOf(one).flatMap(({ payment }) => beyondCaptured(payment)),
  },
  {
    name: 'refund-rows-sum-to-payment',
    source: 'domain 5, bar I1 and I3',
    judge: (one) => paymentsOf(one).flatMap(({ payment, refunds }) => otherThanRows(payment, refunds)),
  },
];

/** What the customer owes in the end. Nobody owes anything for what was never taken on. */
export function dueOf({ status, amountDueMinor }: Order): number {
  return status === 'rejected' || status === 'expired' ? 0 : amountDueMinor;
}

/** Whoever draws the consequences of its end has had the time. */
export function isLongOver({ status, endedAt }: Order, { at, graceMs }: Moment): boolean {
  return TERMINAL_STATUSES.includes(status) && endedAt !== null && addMs(endedAt, graceMs) <= at;
}

/** A human is at it: a bank asks for the money back, or would not give it. */
export function isExcused({ order, payment }: OrderCase): boolean {
  return order.paymentStatus === PROBLEM || payment?.status === 'disputed';
}

function sumOf(refunds: readonly OrderCase['refunds'][0][]): number {
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function differences(expected: object, given: object): string[] {
  return Object.entries(expected).flatMap(([field, value]) => (Reflect.get(given, field) === value ? [] : [field]));
}

interface Paid {
  payment: PaymentRecord;
  refunds: readonly OrderCase['refunds'][0][];
}

/** What the order is paid by, and its tips. */
function paymentsOf({ payment, refunds, tips }: OrderCase): Paid[] {
  return [...(payment === null ? [] : [{ payment, refunds }]), ...tips.map((one) => ({ ...one, payment: one.tip }))];
}

function beyondCaptured({ method, amountMinor, ...payment }: PaymentRecord): string[] {
  const { amountCapturedMinor, amountRefundedMinor, pendingRefundMinor, disputedMinor } = payment;
  const backMinor = amountRefundedMinor + pendingRefundMinor + disputedMinor;
  const figures = [amountCapturedMinor, amountRefundedMinor, pendingRefundMinor, disputedMinor];
  return [
    ...(figures.every((figure) => Number.isSafeInteger(figure) && figure >= 0) ? [] : ['a figure below zero']),
    ...(method === 'card' && amountCapturedMinor > amountMinor
      ? [`${amountCapturedMinor} captured of ${amountMinor} held`]
      : []),
    ...(backMinor > amountCapturedMinor ? [`${backMinor} given back of ${amountCapturedMinor} captured`] : []),
  ];
}

function otherThanRows({ amountRefundedMinor, pendingRefundMinor }: PaymentRecord, refunds: Paid['refunds']): string[] {
  const made = sumOf(refunds.filter(({ status }) => status === 'succeeded'));
  const promised = sumOf(refunds.filter(({ isReserved }) => isReserved));
  return [
    ...(made === amountRefundedMinor ? [] : [`refunds of ${made} were made, the payment says ${amountRefundedMinor}`]),
    ...(promised === pendingRefundMinor
      ? []
      : [`refunds of ${promised} are promised, the payment says ${pendingRefundMinor}`]),
  ];
}
