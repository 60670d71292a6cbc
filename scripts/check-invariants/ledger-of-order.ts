import { config } from '../../src/config/index.ts';
import type { LedgerAccount, LedgerKind } from '../../src/modules/ledger/ledger-entry.model.ts';
import { saleOf } from '../../src/modules/ledger/sale-of.ts';
import type { PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import { dueOf, isExcused, isLongOver } from './money-of-order.ts';
import type { OrderCase, OrderInvariant } from './types.ts';

const COOKING = ['order.preparing', 'order.ready', 'order.picked_up'];

/** What the books say of one order. */
export const LEDGER_ORDER_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'taken-is-posted',
    source: 'bar I4',
    judge({ payment, tips, entries }) {
      if (payment === null) return [];
      // Each capture names its payment; refunds name themselves.
      const captures = [payment, ...tips.map(({ tip }) => tip)].flatMap((each) => otherThanPosted(each, entries));
      const cards = [...(payment.method === 'card' ? [payment] : []), ...tips.map(({ tip }) => tip)];
      const backMinor = cards.reduce((sum, { amountRefundedMinor }) => sum + amountRefundedMinor, 0);
      const postedMinor = -sumOf(entries, { kind: 'refund', account: 'provider_clearing' });
      return backMinor === postedMinor
        ? captures
        : [...captures, `${backMinor} was given back, ${postedMinor} is posted`];
    },
  },
  {
    name: 'sale-is-posted',
    source: 'bar I4',
    judge(one, moment) {
      const { order, events, entries } = one;
      if (!isLongOver(order, moment)) return [];
      const wasCooked = events.some(({ type }) => COOKING.includes(type));
      const wanted = byAccount(saleOf({ ...order, wasCooked }));
      const posted = byAccount(entries.filter(({ kind }) => kind === 'sale').flatMap(({ lines }) => lines));
      return [...new Set([...wanted.keys(), ...posted.keys()])]
        .filter((account) => (wanted.get(account) ?? 0) !== (posted.get(account) ?? 0))
        .map((account) => `${account}: ${wanted.get(account) ?? 0} by the sale, ${posted.get(account) ?? 0} posted`);
    },
  },
  {
    name: 'way-is-paid',
    source: 'bar I4',
    judge(one, moment) {
      const { order, entries } = one;
      const { courierId, courierFeeMinor, liableParty } = order;
      const isUnpaid = courierId === null || courierFeeMinor === null || liableParty === 'courier';
      if (isUnpaid || !isLongOver(order, moment)) return [];
      const paidMinor = -sumOf(entries, { kind: 'sale', account: 'courier' });
      const leastMinor = leastPayOf(order);
      return paidMinor < leastMinor ? [`its courier got ${paidMinor} for a way of ${leastMinor}`] : [];
    },
  },
  {
    name: 'customer-account-at-zero',
    source: 'bar I4',
    judge(one, moment) {
      const { order, payment, entries } = one;
      if (!isLongOver(order, moment) || isExcused(one)) return [];
      // A lost dispute is no excuse: what the customer had to get back of it is credited.
      const balance = sumOf(entries, { account: 'customer' });
      // A fee that nobody could take: cash that was not there, a card that was never held.
      const isUnpaidFee = payment?.amountCapturedMinor === 0 && balance === dueOf(order);
      return balance === 0 || isUnpaidFee ? [] : [`the customer's account stands at ${balance}`];
    },
  },
];

/** What the way costs, whoever pays for it, and the tip with the food. Our floor for a way that costs nothing may have been another one. */
function leastPayOf({ status, currency, pricing }: OrderCase['order']): number {
  const { deliveryFeeMinor, freeWayMinor = 0, tipMinor } = pricing;
  const hasFloor = (config.money.courierWayFloors[currency] ?? 0) > 0;
  const wayMinor = deliveryFeeMinor + freeWayMinor;
  return Math.max(wayMinor, hasFloor ? 1 : 0) + (status === 'delivered' ? tipMinor : 0);
}

function otherThanPosted({ _id, method, amountCapturedMinor }: PaymentRecord, entries: OrderCase['entries']): string[] {
  const own = entries.filter(({ sourceId }) => sourceId === _id);
  const postedMinor =
    method === 'cash'
      ? sumOf(own, { kind: 'cash_collected', account: 'courier_cash' })
      : sumOf(own, { kind: 'capture', account: 'provider_clearing' });
  return postedMinor === amountCapturedMinor ? [] : [`${amountCapturedMinor} was taken, ${postedMinor} is posted`];
}

interface LineFilter {
  kind?: LedgerKind;
  account: LedgerAccount;
}

export function sumOf(entries: OrderCase['entries'], { kind, account }: LineFilter): number {
  return entries
    .filter((entry) => kind === undefined || entry.kind === kind)
    .flatMap(({ lines }) => lines)
    .filter((line) => line.account === account)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function byAccount(lines: readonly { account: LedgerAccount; amountMinor: number }[]): Map<LedgerAccount, number> {
  const sums = new Map<LedgerAccount, number>();
  for (const { account, amountMinor } of lines) sums.set(account, (sums.get(account) ?? 0) + amountMinor);
  return sums;
}
