import { describe, expect, it } from 'vitest';
import type { BilledOrder, BilledRefund } from '../../../src/modules/reports/papers/bill.ts';
import { invoicedMinor } from '../../../src/modules/reports/papers/charges.ts';
import { findBill } from '../../../src/modules/reports/papers/due-bill.ts';
import { invoiceOf, type NumberedInvoice } from '../../../src/modules/reports/papers/invoice.ts';
import { receiptOf } from '../../../src/modules/reports/papers/receipt.ts';
import { renderPaper } from '../../../src/modules/reports/papers/render-paper.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { buildBilledOrder, PLACES, type PlaceName } from '../../factories/billed-order.ts';
import { plain, readPdf } from '../../support/read-pdf.ts';
import { wordsOf } from '../../support/words-of-paper.ts';

const AT = dateFrom('2026-11-20T20:15:00.000Z');
const REFUNDS: BilledRefund[] = [
  { id: 'first', amountMinor: 1_307, liableParty: 'restaurant', lines: [], at: AT },
  { id: 'second', amountMinor: 2_011, liableParty: 'platform', lines: [], at: AT },
];
const NUMBERED: NumberedInvoice[] = [
  { kind: 'invoice', issuer: 'restaurant', sourceId: 'order', number: 'AB12CD-26-00042', issuedAt: AT },
  { kind: 'invoice', issuer: 'platform', sourceId: 'order', number: 'QB-26-00107', issuedAt: AT },
  { kind: 'credit_note', issuer: 'restaurant', sourceId: 'first', number: 'AB12CDC-26-00003', issuedAt: AT },
  { kind: 'credit_note', issuer: 'platform', sourceId: 'returned by the bank', number: 'QBC-26-00001', issuedAt: AT },
];
const PLATFORM = { name: 'QuickBite Example Company', addressLine: '1 Example Quay', taxNumber: '30ZZZCQ0000Z1ZN' };
const UNTOUCHED = { refunds: [], platform: PLATFORM };
const INVOICED = { refunds: REFUNDS, numbered: NUMBERED, platform: PLATFORM };
const EVERYWHERE = Object.keys(PLACES) as PlaceName[];

/** By hand, not through the code under test: digits of the minor unit, and the locale's own signs around them. */
const MONEY: Record<string, { locale: string; digits: number }> = {
  INR: { locale: 'en-IN', digits: 2 },
  EUR: { locale: 'fr-FR', digits: 2 },
  JPY: { locale: 'en-GB', digits: 0 },
  KWD: { locale: 'en-GB', digits: 3 },
};

function shown(amountMinor: number, currency: string): string {
  const { locale = 'en', digits = 2 } = MONEY[currency] ?? {};
  const format = new Intl.NumberFormat(locale, {
    ...{ style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: digits },
  });
  return plain(format.format(amountMinor / 10 ** digits));
}

async function textOf(paper: ReturnType<typeof receiptOf>): Promise<string> {
  return (await readPdf(await renderPaper(paper))).join(' ');
}

function figuresOf({ pricing, amountDueMinor }: BilledOrder): number[] {
  const charges = [pricing.itemsMinor, -pricing.itemsDiscountMinor, pricing.deliveryFeeMinor, pricing.serviceFeeMinor];
  const fees = [pricing.packagingFeeMinor, pricing.smallOrderFeeMinor, pricing.tipMinor, pricing.totalMinor];
  const lines = pricing.lines.flatMap(({ unitMinor, subtotalMinor }) => [unitMinor, subtotalMinor]);
  const halves = pricing.currency === 'INR' ? 2 : 1;
  const taxes = ratesOf(pricing).flatMap(({ baseMinor, taxMinor }) => [baseMinor, taxMinor / halves]);
  const refunds = REFUNDS.map(({ amountMinor }) => -amountMinor);
  return [...charges, ...fees, ...lines, ...taxes, ...refunds, amountDueMinor - 1_307 - 2_011];
}

/** Categories of one rate are one row. */
function ratesOf({ taxes, pricesIncludeTax }: BilledOrder['pricing']) {
  return [...new Set(taxes.map(({ basisPoints }) => basisPoints))].map((basisPoints) => {
    const members = taxes.filter((tax) => tax.basisPoints === basisPoints);
    const sum = (key: 'taxableMinor' | 'taxMinor') => members.reduce((total, tax) => total + tax[key], 0);
    const taxMinor = sum('taxMinor');
    return { basisPoints, taxMinor, baseMinor: sum('taxableMinor') - (pricesIncludeTax ? taxMinor : 0) };
  });
}

describe('receipt', () => {
  it.each(EVERYWHERE)('of %s says every figure of the stored breakdown, and what is left of it', async (place) => {
    const order = buildBilledOrder(place);
    const text = await textOf(receiptOf(order, { refunds: REFUNDS, platform: PLATFORM }));
    for (const figure of figuresOf(order)) expect(text).toContain(shown(figure, order.currency));
    expect(text).toContain('Lassi');
    expect(text).toContain(order.number);
  });

  it('of France speaks French, with the local time', async () => {
    const text = await textOf(receiptOf(buildBilledOrder('Port Clement'), UNTOUCHED));
    expect(text).toContain('Reçu');
    expect(text).toContain('TVA (comprise)');
    expect(text).toContain('5,5 %');
    expect(text).toContain('20 nov. 2026, 13:51');
    expect(text).toContain('Crêperie de l’Écluse');
  });

  it('of India names the tax and what it is added to, in rupees', async () => {
    const text = await textOf(receiptOf(buildBilledOrder('Saffron Bay, tax added'), UNTOUCHED));
    expect(text).toContain('GST (added)');
    expect(text).toContain('₹1,248.75');
    // As in the mail.
    expect(text).toContain('Date 20 Nov 2026, 18:21');
    expect(await textOf(receiptOf(buildBilledOrder('Saffron Bay, tax included'), UNTOUCHED))).toContain(
      'GST (included)',
    );
  });

  it('says what an option adds, and which coupon took something off, as the invoice does', () => {
    const order = buildBilledOrder('Saffron Bay, tax added');
    const [dish] = order.items;
    if (dish === undefined) throw new Error('no dish');
    const option = (name: string, priceMinor: number) => ({ optionId: name, name, priceMinor });
    dish.options = [option('Large', 8_000), option('No onions', 0)];
    const coupon = { couponId: 'c', code: 'HARVEST10', discountMinor: 1, fundedBy: 'platform' as const };
    const receipt = wordsOf(receiptOf({ ...order, coupon }, UNTOUCHED));
    const invoice = wordsOf(invoiceOf({ ...order, coupon }, INVOICED));
    const discount = shown(-order.pricing.itemsDiscountMinor, 'INR');
    expect(receipt).toContain('Large (₹80.00), No onions');
    expect(receipt).toContain(`Discount on items · HARVEST10 ${discount}`);
    expect(invoice).toContain('Large (₹80.00), No onions');
    expect(invoice).toContain(`Coupon HARVEST10 · ${discount}`);
    // Ours is not less for it.
    expect(invoice.match(/HARVEST10/g)).toHaveLength(1);
  });

  it.each([
    ['that was brought for nothing', {}, /Delivery ₹0\.00/],
    ['that was fetched', { status: 'collected', mode: 'collection' }, /^(?!.*Delivery ₹)/s],
    ['that nobody brought', { status: 'cancelled' }, /^(?!.*Delivery ₹)/s],
  ] as const)('of an order %s says so', (_how, changes, said) => {
    const order = buildBilledOrder('Saffron Bay, tax added');
    const pricing = { ...order.pricing, deliveryFeeMinor: 0, taxes: [] };
    expect(wordsOf(receiptOf({ ...order, ...changes, pricing }, UNTOUCHED))).toMatch(said);
  });

  it('of an order that was settled for less says by how much', async () => {
    const order = buildBilledOrder('Saffron Bay, tax added');
    const text = await textOf(receiptOf({ ...order, amountDueMinor: order.amountDueMinor - 4_321 }, UNTOUCHED));
    expect(text).toContain(`Reduction ${shown(-4_321, 'INR')}`);
    expect(text).toContain(`Paid in the end ${shown(order.amountDueMinor - 4_321, 'INR')}`);
  });

  it('of India shows the tax of the union and that of the state, which are the same and together the stored one', async () => {
    const order = buildBilledOrder('Saffron Bay, tax added');
    const { lines, pricesIncludeTax, taxes } = order.pricing;
    // At the whole rate one of them would be odd.
    const atOnce = taxes.map(({ taxableMinor, basisPoints }) => Math.round((taxableMinor * basisPoints) / 10_000));
    expect(atOnce.some((taxMinor) => taxMinor % 2 === 1) && lines.length > 0 && !pricesIncludeTax).toBe(true);
    const text = await textOf(receiptOf(order, UNTOUCHED));
    for (const { taxMinor, basisPoints } of ratesOf(order.pricing)) {
      const rate = `${String(basisPoints / 200)}%`;
      expect(text).toContain(`${rate} + ${rate}`);
      expect(text).toContain(`${shown(taxMinor / 2, 'INR')} ${shown(taxMinor / 2, 'INR')}`);
    }
    expect(text).toMatch(/CGST SGST/);
  });

  it.each([
    ['Saffron Bay, tax added', ['Wharf Foods LLP, 1 Counting House', 'GSTIN 30ZZZFZ0123Z1Z0', 'GSTIN 30ZZZCQ0000Z1ZN']],
    ['Port Clement', ['Émetteur Écluse SARL, 2 quai du Port', 'N° TVA FR66000000018']],
    ['a place of yen', ['Issued by Umi, 3 Wharf Lane', 'Tax number none given']],
  ] as const)('of %s says who sold, and under which number', async (place, said) => {
    const text = await textOf(receiptOf(buildBilledOrder(place), UNTOUCHED));
    for (const one of said) expect(text).toContain(one);
  });

  it('of names that the font lacks prints boxes, and all lines of a long order', async () => {
    const names = [
      'Happy 🍛👨‍👩‍👧 rice',
      '\u202Eevil ไทย',
      'مطعم المنارة',
      'כריך פלאפל',
      'पनीर टिक्का (½) x',
      'x'.repeat(200),
      ...Array.from({ length: 60 }, (_, n) => `Dish ${n}.`),
    ];
    const pages = await readPdf(await renderPaper(receiptOf(buildBilledOrder('Port Clement', names), UNTOUCHED)));
    const text = pages.join(' ');
    expect(pages.length).toBeGreaterThan(1);
    expect(text).toContain('Happy □□ rice');
    expect(text).toContain('evil □□□');
    // Those of ours: shaped, from right to left, in a font that has them.
    expect(text).toContain('(?) x');
    expect(text.match(/□/g)).toHaveLength(5);
    expect(text.replaceAll(' ', '')).toContain('x'.repeat(200));
    for (let n = 0; n < 60; n += 1) expect(text).toContain(`Dish ${n}.`);
  });
});

describe('invoices', () => {
  it.each(EVERYWHERE)('of %s, with the tip, add up to the order’s total', (place) => {
    const order = buildBilledOrder(place);
    const { totalMinor, tipMinor } = order.pricing;
    expect(invoicedMinor(order, 'restaurant') + invoicedMinor(order, 'platform') + tipMinor).toBe(totalMinor);
  });

  it.each(EVERYWHERE)('of %s say the tax of each line and fee as it is stored', async (place) => {
    const order = buildBilledOrder(place);
    const { pricing, currency } = order;
    const text = await textOf(invoiceOf(order, INVOICED));
    const { delivery, service, packaging, smallOrder } = pricing.feeTaxMinor;
    for (const tax of [delivery, service, packaging, smallOrder]) expect(text).toContain(shown(tax, currency));
    for (const { taxMinor, totalMinor } of pricing.lines) {
      expect(text).toContain(`${shown(taxMinor, currency)} ${shown(totalMinor, currency)}`);
    }
    expect(text).toContain(shown(order.amountDueMinor - 1_307 - 2_011, currency));
  });

  it('stand on a page of their own with their numbers; a credit note names its invoice', async () => {
    const pages = await readPdf(await renderPaper(invoiceOf(buildBilledOrder('Port Clement'), INVOICED)));
    expect(pages).toHaveLength(2);
    expect(pages[0]).toContain('AB12CD-26-00042');
    expect(pages[0]).not.toContain('QB-26-00107');
    expect(pages[1]).toContain('Avoir Numéro AB12CDC-26-00003');
    expect(pages[1]).toContain('QBC-26-00001');
    expect(pages[1]).toContain('Pour la facture AB12CD-26-00042');
    // Its refund came back from the bank: the series has no gap for all that.
    expect(pages[1]).toContain('Annulé : le remboursement n’a pas abouti');
  });

  it('of India say the codes of the services, the state, and who owes the tax', () => {
    const text = wordsOf(invoiceOf(buildBilledOrder('Saffron Bay, tax added'), INVOICED));
    for (const said of ['Tax invoice Number', 'SAC 996331', 'SAC 996813', 'SAC 999799']) expect(text).toContain(said);
    expect(text).toContain('Place of supply State code 30');
    expect(text).toContain('Reverse charge No');
    expect(wordsOf(invoiceOf(buildBilledOrder('Port Clement'), INVOICED))).not.toMatch(/SAC|Autoliquidation/);
  });

  it('of India without a tax are a bill of supply where the seller is registered', () => {
    const order = buildBilledOrder('Saffron Bay, tax added');
    const { pricing } = order;
    const lines = pricing.lines.map((line) => ({ ...line, taxMinor: 0, totalMinor: line.totalMinor - line.taxMinor }));
    const feeTaxMinor = { delivery: 0, service: 0, packaging: 0, smallOrder: 0 };
    const untaxed = { ...order, pricing: { ...pricing, lines, feeTaxMinor, taxes: [], taxMinor: 0 } };
    expect(wordsOf(invoiceOf(untaxed, INVOICED))).toContain('Bill of supply Number AB12CD-26-00042');
  });

  it('of France sum up by rate, with base, tax and what it costs with it', () => {
    const order = buildBilledOrder('Port Clement');
    const text = wordsOf(invoiceOf(order, INVOICED));
    const ofTwenty = ratesOf(order.pricing).find(({ basisPoints }) => basisPoints === 2_000);
    if (ofTwenty === undefined) throw new Error('nothing at 20 %');
    const [base, tax] = [shown(ofTwenty.baseMinor, 'EUR'), shown(ofTwenty.taxMinor, 'EUR')];
    expect(text).toContain(`Livraison, Service 20 % ${base} ${tax}`);
    expect(text).toMatch(/Total HT .* TVA .* Total TTC/);
  });

  it('of who has no number is called a bill, and says so', async () => {
    const text = await textOf(invoiceOf(buildBilledOrder('a place of yen'), INVOICED));
    expect(text).toContain('Bill Number AB12CD-26-00042');
    expect(text).toContain('Tax number none given: this is not a tax invoice');
    // We have one.
    expect(text).toContain('Tax invoice Number QB-26-00107');
  });
});

describe('the bill of an order that ended without food', () => {
  const ended = { status: 'cancelled' as const, liableParty: 'customer' as const };

  it.each(EVERYWHERE)('of %s that was due in full is the whole one', (place) => {
    const order = buildBilledOrder(place);
    expect(findBill({ ...order, status: 'no_show' })?.pricing).toEqual(order.pricing);
  });

  it.each(EVERYWHERE)(
    'of %s that the kitchen had begun with holds dishes and packaging with their tax, and no fee',
    (place) => {
      const order = buildBilledOrder(place);
      const { lines, packagingFeeMinor, feeTaxMinor, pricesIncludeTax } = order.pricing;
      const packagingMinor = packagingFeeMinor + (pricesIncludeTax ? 0 : feeTaxMinor.packaging);
      const amountDueMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, packagingMinor);
      const bill = findBill({ ...order, ...ended, amountDueMinor });
      if (bill === null) throw new Error('no bill');
      expect(invoicedMinor(bill, 'restaurant')).toBe(amountDueMinor);
      expect(invoicedMinor(bill, 'platform')).toBe(0);
      expect(bill.pricing.totalMinor).toBe(amountDueMinor);
      const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, feeTaxMinor.packaging);
      expect(bill.pricing.taxes.reduce((sum, tax) => sum + tax.taxMinor, 0)).toBe(taxMinor);
    },
  );

  it.each(EVERYWHERE)('of %s with a fee of the office is that fee, with the tax in it', async (place) => {
    const order = buildBilledOrder(place);
    const bill = findBill({ ...order, ...ended, amountDueMinor: 12_345 });
    if (bill === null) throw new Error('no bill');
    expect(invoicedMinor(bill, 'restaurant')).toBe(12_345);
    const parts = order.currency === 'INR' ? 2 : 1;
    for (const { taxableMinor, taxMinor, basisPoints } of bill.pricing.taxes) {
      const exact = (taxableMinor * basisPoints) / (10_000 + basisPoints);
      expect(taxMinor).toBe(parts * Math.round(exact / parts));
    }
    const text = await textOf(receiptOf(bill, UNTOUCHED));
    expect(text).toMatch(/Cancellation fee · Food|Frais d’annulation · Plats/);
    expect(text).toMatch(/Status Cancelled|État Annulée/);
  });

  it('that cost nothing, or would have been paid in cash, is none', () => {
    const order = { ...buildBilledOrder('Port Clement'), ...ended };
    expect(findBill({ ...order, amountDueMinor: 0 })).toBeNull();
    expect(findBill({ ...order, paymentMethod: 'cash' })).toBeNull();
    expect(findBill({ ...order, status: 'expired' })).toBeNull();
    expect(findBill({ ...order, status: 'preparing', endedAt: null })).toBeNull();
  });
});
