import { expect, it } from 'vitest';
import { MONEY_INVARIANTS } from '../../../scripts/check-invariants/money-of-order.ts';
import type { OrderCase } from '../../../scripts/check-invariants/types.ts';
import { dateFrom } from '../../../src/shared/clock.ts';

const HOUR_MS = 3_600_000;
const moment = { at: dateFrom(10 * HOUR_MS), graceMs: HOUR_MS };

/** A cancelled order over 480, of which 100 were given back by hand before; in the end `dueMinor` stays due. */
function cancelled(dueMinor: number, money: { amountRefundedMinor: number; settledRefundMinor: number }): OrderCase {
  const payment = { status: 'refunded', amountCapturedMinor: 480, pendingRefundMinor: 0, disputedMinor: 0, ...money };
  const order = { status: 'cancelled', endedAt: dateFrom(0), amountDueMinor: dueMinor, paymentMethod: 'card' };
  return { order, payment, events: [], refunds: [], tips: [] } as unknown as OrderCase;
}

function judge(one: OrderCase): readonly string[] {
  return MONEY_INVARIANTS.find(({ name }) => name === 'money-is-what-order-is-worth')?.judge(one, moment) ?? ['none'];
}

it.each([
  ['a free one gives back what is left', 0, { amountRefundedMinor: 480, settledRefundMinor: 380 }],
  [
    'one with a fee keeps the fee, of what the gift has left',
    250,
    { amountRefundedMinor: 330, settledRefundMinor: 230 },
  ],
])('money-is-what-order-is-worth, a cancellation after a gift by hand: %s', (_, dueMinor, money) => {
  expect(judge(cancelled(dueMinor, money))).toEqual([]);
});

it.each([
  ['too little comes back', 0, { amountRefundedMinor: 470, settledRefundMinor: 370 }, 'worth 100, and 110 is kept'],
  ['the fee is not kept', 250, { amountRefundedMinor: 480, settledRefundMinor: 380 }, 'worth 250, and 100 is kept'],
])(
  'money-is-what-order-is-worth, a cancellation after a gift by hand: finds that %s',
  (...[, dueMinor, money, found]) => {
    expect(judge(cancelled(dueMinor, money))).toEqual([`it is cancelled and ${found}`]);
  },
);
