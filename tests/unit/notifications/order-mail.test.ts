import { describe, expect, it } from 'vitest';
import { renderMail, wasRefused } from '../../../src/infra/mail/index.ts';
import { moneyText } from '../../../src/modules/notifications/money-text.ts';
import { confirmationData, receiptData } from '../../../src/modules/notifications/order-mail.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';

describe('moneyText', () => {
  it.each([
    [24_900, 'INR', '₹249.00'],
    [1_250, 'EUR', '€12.50'],
    [1_200, 'JPY', '¥1,200'],
    [1_234, 'KWD', 'KWD 1.234'],
    [5, 'INR', '₹0.05'],
    [0, 'JPY', '¥0'],
    [123_456_789, 'INR', '₹1,234,567.89'],
    [-24_900, 'INR', '-₹249.00'],
  ])('%i %s is %s', (amountMinor, currency, text) => {
    // The space after a currency without a symbol is one that does not break.
    expect(moneyText(amountMinor, currency).replaceAll('\u00a0', ' ')).toBe(text);
  });
});

describe('a receipt', () => {
  it.each([
    ['card', 'Paid by card.'],
    ['cash', 'Paid in cash.'],
    ['none', 'There was nothing to pay.'],
  ] as const)('of an order by %s says how it was paid', (paymentMethod, paid) => {
    expect(receiptData({ ...buildDeliveredOrder(), paymentMethod }).paid).toBe(paid);
  });

  it('shows each line, each charge, and a total that they add up to', () => {
    const { items, charges, total, includedTax } = receiptData(buildDeliveredOrder());
    expect(items).toEqual([
      {
        quantity: 2,
        name: 'Vegetable biryani',
        options: ['Large (₹60.00)', 'No onion'],
        unitPrice: '₹309.00',
        lineTotal: '₹618.00',
      },
      { quantity: 1, name: 'Lassi', options: [], unitPrice: '₹60.50', lineTotal: '₹60.50' },
    ]);
    expect(charges).toEqual([
      { label: 'Items', amount: '₹678.50' },
      { label: 'Delivery', amount: '₹25.00' },
      { label: 'Service', amount: '₹9.00' },
      { label: 'Tax', amount: '₹30.90' },
      { label: 'Tip for the courier', amount: '₹20.00' },
    ]);
    expect({ total, includedTax }).toEqual({ total: '₹763.40', includedTax: null });
  });

  it('names fees of the house and what a coupon takes off', () => {
    const order = buildDeliveredOrder();
    const fees = { packagingFeeMinor: 1_500, smallOrderFeeMinor: 2_000 };
    order.pricing = { ...order.pricing, ...fees, itemsDiscountMinor: 6_785, deliveryDiscountMinor: 2_500 };
    expect(receiptData(order).charges).toEqual(
      expect.arrayContaining([
        { label: 'Packaging', amount: '₹15.00' },
        { label: 'Small order', amount: '₹20.00' },
        { label: 'Coupon', amount: '-₹92.85' },
      ]),
    );
  });

  it('names a tax that prices contain apart from the charges', () => {
    const order = buildDeliveredOrder();
    order.pricing = { ...order.pricing, pricesIncludeTax: true, totalMinor: 73_250 };
    const { charges, includedTax } = receiptData(order);
    expect(charges.map(({ label }) => label)).not.toContain('Tax');
    expect(includedTax).toBe('₹30.90');
  });

  it('gives times on the clock of the restaurant', () => {
    const order = buildDeliveredOrder();
    expect(receiptData(order).ended).toBe('was delivered on 20 Nov 2026, 18:21');
    expect(confirmationData(order).facts).toContainEqual({ label: 'Expected by', text: '20 Nov 2026, 18:30' });
  });

  it('in yen has no decimals anywhere', () => {
    const order = buildDeliveredOrder({ currency: 'JPY' });
    const { text, html } = renderMail('receipt', {
      ...receiptData(order),
      subject: 'Receipt',
      greeting: 'Hello Asha,',
    });
    expect(text).toContain('¥76,340');
    expect(text + html).not.toMatch(/¥[\d,]+\.\d/);
  });
});

describe('a confirmation', () => {
  const HOME = { label: 'To', text: 'Home, 12 Lighthouse Road' };
  const slot = { startAt: dateFrom('2026-11-20T12:30:00.000Z'), endAt: dateFrom('2026-11-20T12:45:00.000Z') };

  it('of an order by card, as soon as possible: says when the card is charged, where it goes and by when', () => {
    expect(confirmationData(buildDeliveredOrder())).toMatchObject({
      ...{ isForLater: false, isCollected: false, payment: 'Your card is charged when the restaurant accepts.' },
      facts: [HOME, { label: 'Expected by', text: '20 Nov 2026, 18:30' }],
    });
  });

  it('of an order by cash: says how much to have ready, and nothing of a card', () => {
    const { payment } = confirmationData({ ...buildDeliveredOrder(), paymentMethod: 'cash' });
    expect(payment).toBe('You pay in cash: please have ₹763.40 ready for the courier.');
  });

  it('of an order that costs nothing: says so, and nothing of a card', () => {
    const { payment } = confirmationData({ ...buildDeliveredOrder(), paymentMethod: 'none' });
    expect(payment).toBe('There is nothing to pay.');
  });

  it('of an order for later: names the slot, and until when the sum is only held', () => {
    const { isForLater, facts, payment } = confirmationData({ ...buildDeliveredOrder(), slot });
    expect(isForLater).toBe(true);
    expect(facts.map(({ label, text }) => `${label}: ${text.replaceAll(/\s/g, ' ')}`)).toEqual([
      'To: Home, 12 Lighthouse Road',
      expect.stringMatching(/^For: 20 Nov 2026, 18:00\s?–\s?18:15$/),
      'Expected by: 20 Nov 2026, 18:30',
    ]);
    expect(payment).toContain('only held');
  });

  it.each([
    ['as soon as possible', null, 'Ready by: 20 Nov 2026, 18:30'],
    ['for later', slot, expect.stringMatching(/^For: 20 Nov 2026, 18:00/)],
  ])('of food that is collected, %s: names the place and the time, and no delivery', (_when, chosen, time) => {
    const order = { ...buildDeliveredOrder(), mode: 'collection' as const, deliveryAddress: null, slot: chosen };
    order.pricing = { ...order.pricing, deliveryFeeMinor: 0 };
    const data = confirmationData(order);
    expect(data.facts.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Collect at: Biryani Wharf, 3 Wharf Lane',
      time,
    ]);
    expect(data.charges.map(({ label }) => label)).not.toContain('Delivery');
    const { text, html } = renderMail('order-confirmed', { ...data, subject: 'Mail', greeting: 'Hello,', link: '' });
    for (const part of [text, html]) expect(part).toContain('We tell you when it is ready.');
  });
});

describe('the mails of an order', () => {
  it.each([
    ['order-confirmed', confirmationData],
    ['receipt', receiptData],
  ])('%s shows no PIN, no code, no id and no coordinates', (kind, dataOf) => {
    const order = { ...buildDeliveredOrder(), deliveryPin: '4711', handoverCode: '0815', collectionCode: '0815' };
    const { text, html } = renderMail(kind, { ...dataOf(order), subject: 'Mail', greeting: 'Hello Asha,' });
    for (const secret of ['4711', '0815', order._id, order.paymentId, order.customerId, '12.9352', 'Ring twice']) {
      expect(text + html).not.toContain(secret);
    }
  });

  it('receipt has every line in both forms', () => {
    const data = { ...receiptData(buildDeliveredOrder()), subject: 'Receipt', greeting: 'Hello Asha,' };
    const { text, html } = renderMail('receipt', data);
    for (const part of [text, html]) {
      for (const figure of ['₹618.00', '₹60.50', '₹25.00', '₹9.00', '₹30.90', '₹20.00', '₹763.40', 'Large (₹60.00)']) {
        expect(part).toContain(figure);
      }
    }
    expect(text).toContain(
      '2 x Vegetable biryani: ₹618.00\n    + Large (₹60.00)\n    + No onion\n    ₹309.00 each\n1 x Lassi',
    );
  });
});

describe('wasRefused', () => {
  it.each([
    ['a refusal of the server', { responseCode: 451 }, true],
    ['a refusal for good', { responseCode: 550 }, true],
    ['a server that is not there', { code: 'ESOCKET', syscall: 'connect' }, true],
    ['a connection that broke', { code: 'ECONNECTION' }, false],
    ['a time-out', { code: 'ETIMEDOUT' }, false],
    ['half an answer that began well', { code: 'ECONNECTION', responseCode: 250 }, false],
    ['anything else', new Error('?'), false],
    ['nothing', null, false],
  ])('of %s: %s', (_what, error, expected) => {
    expect(wasRefused(error)).toBe(expected);
  });
});
