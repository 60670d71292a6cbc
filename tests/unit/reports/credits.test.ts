import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOrder, type Breakdown } from '../../../src/modules/pricing/index.ts';
import type { BilledOrder, BilledRefund } from '../../../src/modules/reports/papers/bill.ts';
import { chargesOf, invoicedMinor } from '../../../src/modules/reports/papers/charges.ts';
import { creditsOf } from '../../../src/modules/reports/papers/credits.ts';
import { invoiceOf, type NumberedInvoice } from '../../../src/modules/reports/papers/invoice.ts';
import { styleOf } from '../../../src/modules/reports/papers/style.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { allocate } from '../../../src/shared/money.ts';
import { buildBilledOrder } from '../../factories/billed-order.ts';
import { wordsOf } from '../../support/words-of-paper.ts';
import { anyPricing, line, pricingInput } from '../pricing/builders.ts';

const AT = dateFrom('2026-11-20T20:15:00.000Z');
const STYLE = styleOf({ timeZone: 'Asia/Kolkata', currency: 'INR' });

function orderOf(pricing: Breakdown, names: readonly string[] = []): BilledOrder {
  const order = buildBilledOrder('Saffron Bay, tax added');
  const items = pricing.lines.map(({ id, quantity, unitMinor, subtotalMinor }, n) => ({
    ...{ lineId: id, itemId: id, name: names[n] ?? id, quantity, unitPriceMinor: unitMinor, options: [] },
    lineTotalMinor: subtotalMinor,
  }));
  return { ...order, pricing, items, amountDueMinor: pricing.totalMinor, currency: 'INR' };
}

function creditedBy(order: BilledOrder, refunds: readonly Pick<BilledRefund, 'amountMinor' | 'lines'>[]) {
  const charges = chargesOf(order, 'restaurant', STYLE);
  const made = refunds.map((refund, n) => ({ ...refund, id: String(n), liableParty: 'restaurant', at: AT }));
  return creditsOf({ order, charges, taxParts: 2 }, made);
}

/** Three tikkas at 5 %, a lassi at 12 %, and a box. */
const PANEER = orderOf(
  priceOrder(
    pricingInput({
      lines: [
        line('tikka', { unitPriceMinor: 22_636, quantity: 3 }),
        line('lassi', { unitPriceMinor: 8_000, taxCategory: 'beverage' }),
      ],
      ...{ taxRates: { food: 500, beverage: 1_200, packaging: 1_200, delivery: 1_800 }, taxParts: 2 },
      packagingFeeMinor: 1_500,
    }),
  ),
  ['Paneer Tikka', 'Lassi'],
);
const ONE_TIKKA = { amountMinor: 23_768, lines: [{ lineId: 'tikka', quantity: 1 }] };
const ALL_TAX = { food: 3_396, beverage: 960, packaging: 180 };

function taxesOf(
  parts: readonly { taxes: readonly { category: string; taxMinor: number }[] }[],
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { category, taxMinor } of parts.flatMap(({ taxes }) => taxes)) {
    sums[category] = (sums[category] ?? 0) + taxMinor;
  }
  return sums;
}

describe('a credit note', () => {
  it('for a dish gives back the tax of that dish, and none of the others', () => {
    expect(creditedBy(PANEER, [ONE_TIKKA])).toEqual([
      {
        dishes: [
          {
            ...{ lineId: 'tikka', name: 'Paneer Tikka', detail: '', quantity: 1, category: 'food' },
            ...{ netMinor: 22_636, taxMinor: 1_132 },
          },
        ],
        taxes: [{ category: 'food', basisPoints: 500, taxableMinor: 22_636, taxMinor: 1_132 }],
      },
    ]);
  });

  it('for an amount gives back a share of each tax', () => {
    const [credit] = creditedBy(PANEER, [{ amountMinor: 8_194, lines: [] }]);
    // A tenth of the invoice, tax included: 713.04 + 89.60 + 16.80.
    expect(credit?.dishes).toEqual([]);
    expect(taxesOf(credit === undefined ? [] : [credit])).toEqual({ food: 340, beverage: 96, packaging: 18 });
  });

  it.each([
    ['piece by piece', [ONE_TIKKA, ONE_TIKKA, ONE_TIKKA, { amountMinor: 8_960 + 1_680, lines: [] }]],
    ['in part, then as a whole', [{ amountMinor: 12_345, lines: [] }, ONE_TIKKA, { amountMinor: 45_831, lines: [] }]],
    ['with more than was sold', [ONE_TIKKA, { amountMinor: 90_000, lines: [] }, ONE_TIKKA]],
  ])('of a sale that was given back %s leaves no tax of it', (_how, refunds) => {
    expect(taxesOf(creditedBy(PANEER, refunds))).toEqual(ALL_TAX);
  });

  it('for a dish that an amount has given back in part gives back what is left, without its name', () => {
    const [, credit] = creditedBy(PANEER, [
      { amountMinor: 60_000, lines: [] },
      { amountMinor: 71_304, lines: [{ lineId: 'tikka', quantity: 3 }] },
    ]);
    expect(credit?.dishes).toEqual([]);
    expect(credit?.taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0)).toBeGreaterThan(0);
  });

  it('of somebody who has not sold the dish says nothing of its tax', () => {
    const refund = { ...ONE_TIKKA, id: 'r', liableParty: 'platform', at: AT };
    const charges = chargesOf(PANEER, 'platform', STYLE);
    const [credit] = creditsOf({ order: PANEER, charges, taxParts: 2 }, [refund]);
    expect(credit?.dishes).toEqual([]);
    expect(credit?.taxes).toEqual([{ category: 'delivery', basisPoints: 1_800, taxableMinor: 2_500, taxMinor: 450 }]);
  });

  it('says name, quantity, rate and both halves of the tax, and the invoice with its date', () => {
    const numbered: NumberedInvoice[] = [
      { kind: 'invoice', issuer: 'restaurant', sourceId: 'order', number: 'AB12CD-26-00042', issuedAt: AT },
      { kind: 'credit_note', issuer: 'restaurant', sourceId: 'r', number: 'AB12CDC-26-00003', issuedAt: AT },
    ];
    const refunds = [{ ...ONE_TIKKA, id: 'r', liableParty: 'restaurant', at: AT }];
    const platform = { name: 'QuickBite', addressLine: '1 Example Quay', taxNumber: null };
    const [, note = ''] = wordsOf(invoiceOf(PANEER, { refunds, numbered, platform })).split('Credit note ');
    expect(note).toContain('For invoice AB12CD-26-00042 · 20 Nov 2026');
    expect(note).toContain('Paneer Tikka 1 -₹226.36 5% -₹11.32 -₹237.68');
    expect(note).toContain('Food 2.5% + 2.5% -₹226.36 -₹5.66 -₹5.66');
    expect(note).toContain('Total before tax -₹226.36 CGST -₹5.66 SGST -₹5.66 Refund -₹237.68');
  });
});

describe('the credit notes of any sale', () => {
  /** A line by its place and how many pieces, or a part of the sale in percent. */
  const anyRefund = fc.oneof(
    fc.array(fc.record({ at: fc.nat(7), pieces: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 1, max: 60 }),
  );

  it('together give back its tax to the unit once all is given back, never more before, and each stays as it was', () => {
    fc.assert(
      fc.property(anyPricing, fc.array(anyRefund, { maxLength: 6 }), (input, wishes) => {
        const order = orderOf(priceOrder(input));
        const charges = chargesOf(order, 'restaurant', STYLE);
        const soldMinor = invoicedMinor(order, 'restaurant');
        const refunds = refundsOf(order, wishes);
        const whole = { amountMinor: soldMinor, lines: [] };
        const credits = creditedBy(order, [...refunds, whole]);
        const sold = taxesOf([{ taxes: charges }]);
        // Without the last one the others are the same. As no tax is below nothing, none was ever above what was charged.
        expect(creditedBy(order, refunds)).toEqual(credits.slice(0, -1));
        expect(taxesOf(credits)).toEqual(Object.fromEntries(Object.entries(sold).filter(([, tax]) => tax > 0)));
        for (const { taxes, dishes } of credits) {
          for (const { category, taxMinor } of taxes) {
            expect(taxMinor).toBeGreaterThan(0);
            // Both halves are the same, but of a sale whose own are not.
            expect([taxMinor % 2, (sold[category] ?? 0) % 2]).not.toEqual([1, 0]);
            if (dishes.length > 0) expect(taxesOf([{ taxes: dishes }])[category]).toBe(taxMinor);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  /** As payments price them: pieces of a line at what was paid for them, and of none more than there are. */
  function refundsOf(order: BilledOrder, wishes: (number | { at: number; pieces: number }[])[]) {
    const { lines } = order.pricing;
    const given = new Map<string, number>();
    const soldMinor = invoicedMinor(order, 'restaurant');
    return wishes.map((wish) => {
      if (typeof wish === 'number') return { amountMinor: Math.floor((soldMinor * wish) / 100), lines: [] };
      const parts = wish.flatMap(({ at, pieces }) => {
        const wanted = lines[at];
        const from = given.get(wanted?.id ?? '') ?? 0;
        if (wanted === undefined || from + pieces > wanted.quantity) return [];
        given.set(wanted.id, from + pieces);
        const each = allocate(wanted.totalMinor, Array<number>(wanted.quantity).fill(1)).slice(from, from + pieces);
        return [{ lineId: wanted.id, quantity: pieces, minor: each.reduce((a, b) => a + b, 0) }];
      });
      return {
        amountMinor: parts.reduce((sum, { minor }) => sum + minor, 0),
        lines: parts.map(({ lineId, quantity }) => ({ lineId, quantity })),
      };
    });
  }
});
