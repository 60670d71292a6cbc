import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTIES } from '../../../src/modules/ledger/payable.model.ts';
import { toStatementCsv } from '../../../src/modules/ledger/payouts/statement-csv.ts';
import { STATEMENT_COLUMNS, statementRowOf, totalsOf } from '../../../src/modules/ledger/payouts/statement-rows.ts';
import type { BookedOrder } from '../../../src/modules/orders/index.ts';
import { priceOrder, repriceOrder } from '../../../src/modules/pricing/index.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { LIABLE_PARTIES } from '../../../src/shared/liable-party.ts';
import { buildBilledOrder } from '../../factories/billed-order.ts';
import { buildStatement, soldTo, STATEMENT_AT } from '../../factories/statement.ts';

const minor = fc.integer({ min: 0, max: 99_999 });
const orders = fc
  .record({
    ...{
      price: fc.integer({ min: 1, max: 99_999 }),
      tipMinor: minor,
      packagingFeeMinor: minor,
      deliveryFeeMinor: minor,
    },
    ...{ discountMinor: minor, fundedBy: fc.constantFrom('platform' as const, 'restaurant' as const) },
    ...{
      pricesIncludeTax: fc.boolean(),
      isFreeWay: fc.boolean(),
      isAmended: fc.boolean(),
      rate: minor,
      wasCooked: fc.boolean(),
    },
    status: fc.constantFrom(
      'delivered' as const,
      'collected' as const,
      'cancelled' as const,
      'failed' as const,
      'no_show' as const,
    ),
    ...{ liableParty: fc.constantFrom(...LIABLE_PARTIES), part: fc.constantFrom(0, 40, 100) },
  })
  .map((made): BookedOrder => {
    const agreed = priceOrder({
      ...{ currency: 'INR', pricesIncludeTax: made.pricesIncludeTax, distanceMeters: 1, tipMinor: made.tipMinor },
      ...{ taxRates: { food: 525, packaging: 1_275, delivery: 1_800 }, packagingFeeMinor: made.packagingFeeMinor },
      feeTable: {
        bands: [{ upToMeters: 9, feeMinor: made.deliveryFeeMinor }],
        freeDeliveryOverMinor: made.isFreeWay ? 0 : null,
      },
      lines: [1, 2].map((n) => ({
        ...{ id: String(n), unitPriceMinor: made.price * n, optionPricesMinor: [], quantity: n, taxCategory: 'food' },
      })),
      discount: { kind: 'amount', value: made.discountMinor, maxDiscountMinor: null, lineIds: null },
    });
    const pricing = made.isAmended ? repriceOrder(agreed, [{ kind: 'remove', lineId: '1' }]) : agreed;
    const isEaten = made.status === 'delivered' || made.status === 'collected';
    const wayMinor = made.deliveryFeeMinor + made.tipMinor;
    return {
      ...buildBilledOrder('Saffron Bay, tax added'),
      ...{ pricing, status: made.status, wasCooked: made.wasCooked, commissionBasisPoints: made.rate % 4_000 },
      amountDueMinor: isEaten ? pricing.totalMinor : Math.floor((pricing.totalMinor * made.part) / 100),
      liableParty: isEaten ? null : made.liableParty,
      coupon: { couponId: 'c', code: 'C', discountMinor: made.discountMinor, fundedBy: made.fundedBy },
      courierFeeMinor: made.status === 'collected' || made.status === 'cancelled' ? null : wayMinor,
    };
  });

describe('a row of a statement', () => {
  it('of any order that is over: its columns sum to what was posted, and explain all of it', () => {
    fc.assert(
      fc.property(orders, fc.constantFrom(...PARTIES), (order, party) => {
        const posted = soldTo(party, order);
        const { amounts, netMinor } = statementRowOf(posted, order);
        const told = STATEMENT_COLUMNS[party].map((column) => (amounts as Record<string, number>)[column] ?? 0);
        expect(told.reduce((sum, amountMinor) => sum + amountMinor, 0)).toBe(posted.amountMinor);
        expect([netMinor, amounts.other]).toEqual([posted.amountMinor, 0]);
      }),
    );
  });

  it('of a restaurant: no tip has any part in it', () => {
    fc.assert(
      fc.property(orders, minor, (order, tipMinor) => {
        const { pricing, amountDueMinor, courierFeeMinor } = order;
        const isFull = amountDueMinor === pricing.totalMinor;
        const more = { ...pricing, tipMinor: pricing.tipMinor + tipMinor, totalMinor: pricing.totalMinor + tipMinor };
        const tipped = {
          ...{ ...order, pricing: more, amountDueMinor: isFull ? more.totalMinor : amountDueMinor },
          courierFeeMinor: courierFeeMinor === null ? null : courierFeeMinor + (isFull ? tipMinor : 0),
        };
        fc.pre(isFull && order.liableParty === null);
        const { amounts } = statementRowOf(soldTo('restaurant', tipped), tipped);
        expect(amounts).toEqual(statementRowOf(soldTo('restaurant', order), order).amounts);
        expect(amounts).not.toHaveProperty('tip');
      }),
    );
  });

  it('of a payout: the columns of all rows sum to its amount', () => {
    fc.assert(
      fc.property(fc.array(orders, { maxLength: 6 }), fc.integer({ min: -9_999, max: 9_999 }), (sold, amountMinor) => {
        const refund = { ...{ kind: 'refund_charge' as const, sourceId: 'r', amountMinor }, createdAt: STATEMENT_AT };
        const posted = [
          ...sold.map((order) => [soldTo('restaurant', order), order] as const),
          [{ ...refund, party: 'restaurant' as const }, null] as const,
        ];
        const { payout, rows } = buildStatement('restaurant', posted);
        const totals = Object.values(totalsOf(rows));
        expect(totals.reduce((sum, each) => sum + each, 0)).toBe(payout.amountMinor);
      }),
    );
  });

  it.each([
    ['refund_charge', 'refund'],
    ['cash_collected', 'cashCollected'],
    ['cash_deposit', 'cashDeposit'],
    ['tip', 'tip'],
    ['payout_failed', 'other'],
    ['sale', 'other'],
  ] as const)('of a %s, the sale itself told before: stands under %s', (kind, column) => {
    const order = { ...buildBilledOrder('Port Clement'), wasCooked: true };
    const row = {
      kind,
      sourceId: `${order._id}-1`,
      party: 'courier' as const,
      amountMinor: -500,
      createdAt: STATEMENT_AT,
    };
    expect(statementRowOf(row, order).amounts).toMatchObject({ [column]: -500 });
  });

  it('of an order that has changed since it was posted: the difference is shown, not hidden', () => {
    const order = { ...buildBilledOrder('Port Clement'), wasCooked: true };
    const posted = soldTo('restaurant', order);
    const row = statementRowOf({ ...posted, amountMinor: posted.amountMinor + 7 }, order);
    expect([row.amounts.other, row.netMinor]).toEqual([7, posted.amountMinor + 7]);
  });
});

describe('a statement as a CSV', () => {
  const order = { ...buildBilledOrder('Saffron Bay, tax included'), wasCooked: true };
  const name = '=HYPERLINK("https://example.test")';

  it('says all of an order in columns, its time where the restaurant is, and their sums', () => {
    const late = { ...soldTo('restaurant', order), createdAt: dateFrom('2026-11-20T20:15:09.000Z') };
    const csv = toStatementCsv(buildStatement('restaurant', [[late, order]])).split('\n');
    const [head = '', row = '', total = ''] = csv;
    expect(head).toBe(
      '\uFEFFnumber,date,time,timeZone,kind,outcome,reference,restaurant,items,packaging,tax,discount,freeDelivery,commission,' +
        'cancellationFee,reduction,fault,refund,other,net,currency,commissionPercent,includedTax',
    );
    // 1,248.75 + 2 × 1,258.76 = 3,766.27; 20 % of it 753.25. The coupon is ours.
    const amounts = '3766.27,7.33,0.00,0.00,0.00,-753.25,0.00,0.00,0.00,0.00,0.00,3020.35,INR,';
    const begin = `QB-7F3K,2026-11-21,01:45:09,Asia/Kolkata,sale,delivered,${order._id},Biryani Wharf,`;
    expect(row.slice(0, begin.length + amounts.length)).toBe(begin + amounts);
    expect(total).toContain(`total,created,,,${amounts}`);
  });

  it.each([name, '@SUM(1)', '\t=1', '＝1+1', '-1+1', "'=1"])(
    'is text to a spreadsheet, whatever it says: %j',
    (text) => {
      const hostile = { ...order, number: text, restaurant: { ...order.restaurant, name: text } };
      const statement = buildStatement('restaurant', [[soldTo('restaurant', hostile), hostile]]);
      const paid = { ...statement, payout: { ...statement.payout, reference: text } };
      const cells = toStatementCsv(paid).split(/[\n,]/);
      const marks = cells.filter((cell) => cell.replace(/^"/, '').startsWith("'"));
      expect(marks).toHaveLength(3);
      for (const cell of cells) expect(cell.replace(/^"/, '')).not.toMatch(/^([=+@\t＝＋－＠]|-(?!\d+\.\d\d$))/);
    },
  );
});
