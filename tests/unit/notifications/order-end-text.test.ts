import { describe, expect, it } from 'vitest';
import { endMoneyText, endText, reasonText } from '../../../src/modules/notifications/order-end-text.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';
import { SOUP, twoDishes } from '../../factories/two-dishes.ts';

const ended = (changes: Partial<OrderRecord>): OrderRecord => ({
  ...{ ...buildDeliveredOrder(), ...twoDishes(), paymentMethod: 'card', amountDueMinor: 0, currency: 'INR' },
  ...changes,
});
const facts = (data: Record<string, unknown> = {}, by = 'system') => ({ by, data });
const BANK = 'A bank may need some days to show it.';

describe('the end of an order in words', () => {
  it('unanswered: names who did not answer', () => {
    const order = ended({ status: 'expired' });
    expect(endText(order, facts())?.subject).toBe(`: ${order.restaurant.name} did not answer in time`);
  });

  it('cancelled by the restaurant: says so, and who else cooks is named', () => {
    const end = endText(ended({ status: 'cancelled' }), facts({}, 'restaurant'));
    expect(end).toMatchObject({ text: 'was cancelled by the restaurant.', isOursToMend: true });
  });

  it('with food: is nothing to tell', () => {
    expect(endText(ended({ status: 'delivered' }), facts())).toBeNull();
  });

  it.each([
    ['too_busy', {}, 'The kitchen has more orders than it can cook.'],
    ['item_sold_out', { soldOutLineIds: [SOUP] }, 'This has run out: Soup.'],
    ['item_sold_out', {}, 'A dish has run out.'],
    ['changed_mind', {}, null],
    ['other', {}, null],
    [null, {}, null],
  ])('for %s %j: gives the reason %s', (reason, data, text) => {
    expect(reasonText(ended({ status: 'rejected', reason }), facts(data))).toBe(text);
  });

  it.each([
    [
      'refused',
      { status: 'rejected' },
      {},
      `You are charged nothing: ₹287.50, which your card has paid or holds for it, is given back. ${BANK}`,
    ],
    ['refused, cash', { status: 'rejected', paymentMethod: 'cash' }, {}, 'You are charged nothing.'],
    ['unpaid', { status: 'cancelled' }, { refundMinor: 0 }, 'You are charged nothing.'],
    [
      'late',
      { status: 'cancelled', amountDueMinor: 10_000 },
      { refundMinor: 18_750 },
      `You are charged ₹100.00 of it, and nothing else: ₹187.50 is given back. ${BANK}`,
    ],
    ['uncollected', { status: 'no_show', amountDueMinor: 28_750 }, {}, 'You are charged ₹287.50.'],
  ] as const)('%s: says what is charged and what comes back', (...[, changes, data, text]) => {
    expect(endMoneyText(ended(changes), facts(data))).toBe(text);
  });
});
