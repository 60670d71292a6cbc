import type { LedgerAccount, LedgerKind } from '../../src/modules/ledger/ledger-entry.model.ts';
import { saleOf } from '../../src/modules/ledger/sale-of.ts';
import { dueOf, isExcused, isLongOver } from './money-of-order.ts';
import type { OrderCase, OrderInvariant } from './types.ts';

const COOKING = ['order.preparing', 'order.ready', 'order.picked_up'];

/** What the books say of one order. */
export const LEDGER_ORDER_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'taken-is-posted',
    source: 'bar I4',
    judge({ payment, entries }) {
      if (payment === null) return [];
      const { method, amountCapturedMinor, amountRefundedMinor } = payment;
      const posted =
        method === 'cash'
          ? { taken: sumOf(entries, { kind: 'cash_collected', account: 'courier_cash' }), back: 0 }
          : {
              taken: sumOf(entries, { kind: 'capture', account: 'provider_clearing' }),
              back: -sumOf(entries, { kind: 'refund', account: 'provider_clearing' }),
            };
      return [
        ...(posted.taken === amountCapturedMinor
          ? []
          : [`${amountCapturedMinor} was taken, ${posted.taken} is posted`]),
        ...(posted.back === amountRefundedMinor
          ? []
          : [`${amountRefundedMinor} was given back, ${posted.back} is posted`]),
      ];
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

interface LineFilter {
  kind?: LedgerKind;
  account: LedgerAccount;
}

function sumOf(entries: OrderCase['entries'], { kind, account }: LineFilter): number {
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
