import { tippedMinorOf } from '../../src/modules/payments/tips/tell-tip.service.ts';
import { tipLeftMinor } from '../../src/modules/payments/tips/tip-rules.ts';
import { sumOf } from './ledger-of-order.ts';
import type { OrderCase, OrderInvariant } from './types.ts';

type Tip = OrderCase['tips'][0]['tip'];

/** What a courier was given after the delivery. */
export const TIP_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'tips-fit-their-order',
    source: 'domain 5',
    judge({ order, tips }) {
      if (tips.length === 0) return [];
      const all = tips.map(({ tip }) => tip);
      return [
        ...(order.status === 'delivered' && order.courierId !== null ? [] : [`it is ${order.status}, and has tips`]),
        ...all.flatMap((tip) => (isLike(tip, order) ? [] : [`its tip ${tip._id} is another customer's or currency's`])),
        ...(tipLeftMinor(order, all) < 0 ? [`its tips are ${-tipLeftMinor(order, all)} over the bound`] : []),
      ];
    },
  },
  {
    name: 'order-mirrors-tips',
    source: 'domain 5',
    judge({ order, tips }) {
      const givenMinor = tippedMinorOf(tips.map(({ tip }) => tip));
      return order.tippedMinor === givenMinor
        ? []
        : [`it says ${order.tippedMinor} tipped, its tips say ${givenMinor}`];
    },
  },
  {
    name: 'tip-is-the-couriers',
    source: 'bar I4',
    judge({ tips, entries }) {
      return tips.flatMap(({ tip }) => {
        const wantedMinor = tip.settledRefundMinor > 0 ? 0 : tip.amountCapturedMinor;
        const own = entries.filter(({ sourceId }) => sourceId === tip._id);
        const postedMinor = -sumOf(own, { kind: 'tip', account: 'courier' });
        return postedMinor === wantedMinor
          ? []
          : [`of its tip ${tip._id} the courier got ${postedMinor}, not ${wantedMinor}`];
      });
    },
  },
];

function isLike(tip: Tip, { customerId, currency }: OrderCase['order']): boolean {
  return tip.customerId === customerId && tip.currency === currency && tip.method === 'card';
}
