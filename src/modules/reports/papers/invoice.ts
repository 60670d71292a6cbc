import {
  leftMinor,
  namedLine,
  rateOf,
  refundPairs,
  styleOfOrder,
  totalOf,
  totalsOf,
  type BilledOrder,
  type BilledRefund,
} from './bill.ts';
import { columnsOf, type Fact, type Paper, type Section, type Table } from './paper.ts';
import type { Style } from './style.ts';

export const ISSUERS = ['restaurant', 'platform'] as const;
/** The restaurant sells the food, we sell the delivery and the service. */
export type Issuer = (typeof ISSUERS)[number];

/** A number that was given: to the sale of an issuer, or to a refund that it bears. */
export interface NumberedInvoice {
  kind: 'invoice' | 'credit_note';
  issuer: Issuer;
  /** The order, or the refund. */
  sourceId: string;
  number: string;
  issuedAt: Date;
}

interface Charge {
  name: string;
  detail: string;
  quantity: number;
  /** Inclusive of tax where prices are. */
  netMinor: number;
  taxMinor: number;
  category: string;
}

/** What an issuer charges for. Both together, with the tip, are the order's total. */
function chargesOf(order: BilledOrder, issuer: Issuer, { texts }: Style): Charge[] {
  const { pricing } = order;
  const fee = (name: string, category: string, { netMinor, taxMinor }: Pick<Charge, 'netMinor' | 'taxMinor'>) =>
    netMinor === 0 ? [] : [{ name, category, netMinor, taxMinor, detail: '', quantity: 1 }];
  const { feeTaxMinor: tax } = pricing;
  if (issuer === 'restaurant') {
    const lines = pricing.lines.map((line) => ({
      ...namedLine(order, line),
      ...{ quantity: line.quantity, netMinor: line.subtotalMinor - line.discountMinor },
      ...{ taxMinor: line.taxMinor, category: line.taxCategory },
    }));
    const packaging = { netMinor: pricing.packagingFeeMinor, taxMinor: tax.packaging };
    return [...lines, ...fee(texts.packaging, 'packaging', packaging)];
  }
  const delivery = { netMinor: pricing.deliveryFeeMinor - pricing.deliveryDiscountMinor, taxMinor: tax.delivery };
  return [
    ...fee(texts.delivery, 'delivery', delivery),
    ...fee(texts.service, 'service', { netMinor: pricing.serviceFeeMinor, taxMinor: tax.service }),
    ...fee(texts.smallOrder, 'service', { netMinor: pricing.smallOrderFeeMinor, taxMinor: tax.smallOrder }),
  ];
}

/** What the customer pays of a charge. */
function grossOf({ netMinor, taxMinor }: Charge, { pricing }: BilledOrder): number {
  return netMinor + (pricing.pricesIncludeTax ? 0 : taxMinor);
}

export function invoicedMinor(order: BilledOrder, issuer: Issuer): number {
  const style = styleOfOrder(order);
  return sum(chargesOf(order, issuer, style).map((charge) => grossOf(charge, order)));
}

/** The invoices of one order with the credit notes that followed, and how they add up to what was paid. Pure. */
export function invoiceOf(
  order: BilledOrder,
  refunds: readonly BilledRefund[],
  numbered: readonly NumberedInvoice[],
): Paper {
  const style = styleOfOrder(order);
  const { texts, language } = style;
  const invoices = numbered.filter(({ kind }) => kind === 'invoice');
  return {
    title: `QuickBite · ${texts.invoice}`,
    ...{ language, issuedAt: order.endedAt },
    sections: [
      ...invoices.map((invoice) => invoiceSection(order, invoice, style)),
      ...numbered.flatMap((note) => creditNoteSections(order, refunds, { note, invoices, style })),
      summaryOf(order, refunds, { invoices, style }),
    ],
  };
}

interface NoteContext {
  note: NumberedInvoice;
  invoices: readonly NumberedInvoice[];
  style: Style;
}

/** None for an invoice, nor for a refund that the bank sent back: its number stays given. */
function creditNoteSections(
  order: BilledOrder,
  refunds: readonly BilledRefund[],
  { note, invoices, style }: NoteContext,
): Section[] {
  const refund = refunds.find(({ id }) => note.kind === 'credit_note' && id === note.sourceId);
  if (refund === undefined) return [];
  const { texts } = style;
  const related = invoices.find(({ issuer }) => issuer === note.issuer);
  const relation: Fact[] = related === undefined ? [] : [[texts.forInvoice, related.number]];
  return [
    {
      ...{ heading: texts.creditNote, isOwnPage: false, tables: [] },
      facts: [...factsOf(order, note, style), ...relation],
      totals: [{ ...totalOf(texts.refund, -refund.amountMinor, style), isStrong: true }],
    },
  ];
}

function factsOf(order: BilledOrder, { issuer, number, issuedAt }: NumberedInvoice, style: Style): Fact[] {
  const { texts } = style;
  const { name, addressLine } = order.restaurant;
  return [
    [texts.number, number],
    [texts.date, style.date(issuedAt)],
    [texts.issuer, issuer === 'platform' ? 'QuickBite' : `${name}, ${addressLine}`],
    [texts.order, `${order.number} · ${style.time(order.endedAt)}`],
  ];
}

function invoiceSection(order: BilledOrder, invoice: NumberedInvoice, style: Style): Section {
  const { texts, taxName } = style;
  const charges = chargesOf(order, invoice.issuer, style);
  const taxLabel = `${taxName} (${order.pricing.pricesIncludeTax ? texts.included : texts.added})`;
  return {
    ...{ heading: texts.invoice, isOwnPage: true },
    facts: factsOf(order, invoice, style),
    tables: [chargeTable(order, charges, style)],
    totals: [
      totalOf(taxLabel, sum(charges.map(({ taxMinor }) => taxMinor)), style),
      { ...totalOf(texts.total, sum(charges.map((charge) => grossOf(charge, order))), style), isStrong: true },
    ],
  };
}

function chargeTable(order: BilledOrder, charges: readonly Charge[], style: Style): Table {
  const { texts, taxName, money } = style;
  return {
    columns: columnsOf(
      [texts.item, 0.36],
      [texts.quantity, 0.07],
      [texts.net, 0.17],
      [texts.rate, 0.1],
      [taxName, 0.14],
      [texts.gross, 0.16],
    ),
    rows: charges.map((charge) => ({
      cells: [
        ...[charge.name, String(charge.quantity), money(charge.netMinor)],
        rateOf(order.pricing, charge.category, style),
        ...[money(charge.taxMinor), money(grossOf(charge, order))],
      ],
      detail: charge.detail,
    })),
  };
}

/** The tip is nobody's sale: it goes to the courier as it is. */
function summaryOf(
  order: BilledOrder,
  refunds: readonly BilledRefund[],
  { invoices, style }: { invoices: readonly NumberedInvoice[]; style: Style },
): Section {
  const { texts } = style;
  const sales = invoices.map(({ issuer, number }): [string, number] => [
    `${texts.invoice} ${number}`,
    sum(chargesOf(order, issuer, style).map((charge) => grossOf(charge, order))),
  ]);
  return {
    ...{ heading: texts.summary, isOwnPage: false, facts: [], tables: [] },
    totals: [
      ...totalsOf([...sales, [texts.tip, order.pricing.tipMinor], ...refundPairs(order, refunds, style)], style),
      { ...totalOf(texts.left, leftMinor(order, refunds), style), isStrong: true },
    ],
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((a, b) => a + b, 0);
}
