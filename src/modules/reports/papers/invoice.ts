import { leftMinor, rateOf, refundPairs, styleOfOrder, totalOf, totalsOf } from './bill.ts';
import type { BilledOrder, BilledRefund } from './bill.ts';
import { chargesOf, grossOf, invoicedMinor, sum, taxesOf, type Charge } from './charges.ts';
import { creditsOf, type Credit } from './credits.ts';
import { columnsOf, type Fact, type Paper, type Section, type Table } from './paper.ts';
import { restaurantSeller, sellerFacts, supplyFacts, type Issuer, type Seller } from './sellers.ts';
import type { Style } from './style.ts';
import { taxPairs, taxTable } from './tax-table.ts';

/** A number that was given: to the sale of an issuer, or to a refund that it bears. */
export interface NumberedInvoice {
  kind: 'invoice' | 'credit_note';
  issuer: Issuer;
  /** The order, or the refund. */
  sourceId: string;
  number: string;
  /** When the number was given. The document's date is that of the sale, or of the refund. */
  issuedAt: Date;
}

interface Invoiced {
  refunds: readonly BilledRefund[];
  numbered: readonly NumberedInvoice[];
  /** Us, as we are registered there. */
  platform: Seller;
}

interface Context extends Invoiced {
  order: BilledOrder;
  invoices: readonly NumberedInvoice[];
  style: Style;
}

/** The invoices of one order with the credit notes that followed, and how they add up to what was paid. Pure. */
export function invoiceOf(order: BilledOrder, invoiced: Invoiced): Paper {
  const style = styleOfOrder(order);
  const { numbered } = invoiced;
  const invoices = numbered.filter(({ kind }) => kind === 'invoice');
  const notes = numbered.filter(({ kind }) => kind === 'credit_note');
  const context = { order, ...invoiced, invoices, style };
  return {
    title: `QuickBite · ${style.texts.order} ${order.number}`,
    ...{ language: style.language, issuedAt: order.endedAt },
    sections: [
      ...invoices.map((invoice) => invoiceSection(invoice, context)),
      ...notes.map((note) => creditNoteSection(note, context)),
      summaryOf(context),
    ],
  };
}

function invoiceSection(invoice: NumberedInvoice, context: Context): Section {
  const { order, style } = context;
  const { texts } = style;
  const charges = chargesOf(order, invoice.issuer, style);
  const taxes = taxesOf(order, charges);
  const totalMinor = sum(charges.map((charge) => grossOf(charge, order)));
  const taxMinor = sum(charges.map((charge) => charge.taxMinor));
  return {
    ...{ heading: headingOf(invoice, context), isOwnPage: true },
    facts: [...factsOf(invoice, order.endedAt, context), ...couponFacts(invoice, context)],
    tables: [
      chargeTable(order, charges, style),
      ...(taxes.length === 0 ? [] : [taxTable(taxes, order.pricing, style)]),
    ],
    totals: [
      totalOf(texts.beforeTax, totalMinor - taxMinor, style),
      ...taxPairs(taxes, style).map(([name, amountMinor]) => totalOf(name, amountMinor, style)),
      { ...totalOf(texts.totalWithTax, totalMinor, style), isStrong: true },
    ],
  };
}

/** The discount stands in the figures; France asks that it is said (CGI, annexe II, article 242 nonies A). */
function couponFacts({ issuer }: NumberedInvoice, { order, style }: Context): Fact[] {
  const { itemsDiscountMinor, deliveryDiscountMinor } = order.pricing;
  const discountMinor = issuer === 'restaurant' ? itemsDiscountMinor : deliveryDiscountMinor;
  if (discountMinor === 0) return [];
  const code = order.coupon === null ? '' : `${order.coupon.code} · `;
  return [[style.texts.coupon, `${code}${style.money(-discountMinor)}`]];
}

/**
 * Without a number it is no tax invoice, whatever was charged: it is called what it is. India calls it a bill of supply where somebody
 * registered charges no tax (CGST Act 2017, section 31 (3) (c)).
 */
function headingOf(invoice: NumberedInvoice, context: Context): string {
  const { order, style } = context;
  const { texts, country } = style;
  if (sellerOf(invoice, context).taxNumber === null) return texts.bill;
  const taxes = taxesOf(order, chargesOf(order, invoice.issuer, style));
  return country === 'IN' && taxes.every(({ taxMinor }) => taxMinor === 0) ? texts.billOfSupply : texts.invoice;
}

/** A number stays given, also where its refund came back from the bank: then the note says that it is void. */
function creditNoteSection(note: NumberedInvoice, context: Context): Section {
  const { order, refunds, invoices, style } = context;
  const { texts } = style;
  const refund = refunds.find(({ id }) => id === note.sourceId);
  const related = invoices.find(({ issuer }) => issuer === note.issuer);
  const relation: Fact[] =
    related === undefined ? [] : [[texts.forInvoice, `${related.number} · ${style.date(order.endedAt)}`]];
  return {
    ...{ heading: texts.creditNote, isOwnPage: false },
    facts: [...factsOf(note, refund?.at ?? note.issuedAt, context), ...relation],
    ...(refund === undefined
      ? { tables: [], totals: [totalOf(texts.voided, 0, style)] }
      : creditedIn(refund, creditOf(note, context), context)),
  };
}

/** Of the notes of one issuer in the order of their numbers, as each stood when it was given. */
function creditOf(note: NumberedInvoice, { order, refunds, numbered, style }: Context): Credit {
  const borne = numbered
    .filter(({ kind, issuer }) => kind === 'credit_note' && issuer === note.issuer)
    .flatMap(({ sourceId }) => refunds.find(({ id }) => id === sourceId) ?? []);
  const charges = chargesOf(order, note.issuer, style);
  const credits = creditsOf({ order, charges, taxParts: style.taxParts.length }, borne);
  return credits[borne.findIndex(({ id }) => id === note.sourceId)] ?? { dishes: [], taxes: [] };
}

function creditedIn(
  { amountMinor }: BilledRefund,
  credit: Credit,
  { order, style }: Context,
): Pick<Section, 'tables' | 'totals'> {
  const { texts } = style;
  const refunded = { ...totalOf(texts.refund, -amountMinor, style), isStrong: true };
  const dishes = credit.dishes.map((dish) => ({ ...dish, netMinor: -dish.netMinor, taxMinor: -dish.taxMinor }));
  const taxes = credit.taxes.map((tax) => ({
    ...tax,
    ...{ taxableMinor: -tax.taxableMinor, taxMinor: -tax.taxMinor },
  }));
  const tables = [
    ...(dishes.length === 0 ? [] : [chargeTable(order, dishes, style)]),
    ...(taxes.length === 0 ? [] : [taxTable(taxes, order.pricing, style)]),
  ];
  if (taxes.length === 0) return { tables, totals: [refunded] };
  const taxMinor = sum(taxes.map((tax) => tax.taxMinor));
  return {
    tables,
    totals: [
      totalOf(texts.beforeTax, -amountMinor - taxMinor, style),
      ...taxPairs(taxes, style).map(([name, partMinor]) => totalOf(name, partMinor, style)),
      refunded,
    ],
  };
}

function sellerOf({ issuer }: NumberedInvoice, { order, platform }: Context): Seller {
  return issuer === 'platform' ? platform : restaurantSeller(order);
}

function factsOf(numbered: NumberedInvoice, at: Date, context: Context): Fact[] {
  const { order, style } = context;
  const { texts } = style;
  return [
    [texts.number, numbered.number],
    [texts.date, style.date(at)],
    ...sellerFacts(sellerOf(numbered, context), texts.issuer, style),
    [texts.restaurant, order.restaurant.name],
    [texts.order, `${order.number} · ${style.time(order.endedAt)}`],
    ...supplyFacts(sellerOf(numbered, context), style),
  ];
}

function chargeTable(order: BilledOrder, charges: readonly Charge[], style: Style): Table {
  const { texts, taxName, money, serviceCodes } = style;
  return {
    columns: columnsOf(
      [texts.item, 0.32],
      [texts.quantity, 0.07],
      [texts.net, 0.18],
      [texts.rate, 0.09],
      [taxName, 0.16],
      [texts.gross, 0.18],
    ),
    rows: charges.map((charge) => ({
      cells: [
        ...[charge.name, String(charge.quantity), money(charge.netMinor)],
        rateOf(order.pricing, charge.category, style),
        ...[money(charge.taxMinor), money(grossOf(charge, order))],
      ],
      detail: [charge.detail, serviceCodes[charge.category] ?? ''].filter((part) => part !== '').join(' · '),
    })),
  };
}

/** The tip is nobody's sale: it goes to the courier as it is. */
function summaryOf(context: Context): Section {
  const { order, refunds, invoices, style } = context;
  const { texts } = style;
  const sales = invoices.map((invoice): [string, number] => [
    `${headingOf(invoice, context)} ${invoice.number}`,
    invoicedMinor(order, invoice.issuer),
  ]);
  return {
    ...{ heading: texts.summary, isOwnPage: false, facts: [], tables: [] },
    totals: [
      ...totalsOf([...sales, [texts.tip, order.pricing.tipMinor], ...refundPairs(order, refunds, style)], style),
      { ...totalOf(texts.left, leftMinor(order, refunds), style), isStrong: true },
    ],
  };
}
