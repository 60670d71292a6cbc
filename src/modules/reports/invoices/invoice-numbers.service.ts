import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import type { BilledOrder, BilledRefund } from '../papers/bill.ts';
import { invoicedMinor, ISSUERS, type Issuer, type NumberedInvoice } from '../papers/invoice.ts';
import { invoiceCounters } from './invoice-counter.model.ts';
import { invoices, type InvoiceRow } from './invoice.model.ts';

type Wanted = Pick<InvoiceRow, 'kind' | 'issuer' | 'sourceId' | 'amountMinor'>;

/**
 * The numbers of an order's invoices and credit notes; those that it lacks are given now, each series without a gap: number and row
 * are written in one transaction, and two at once meet in the counter.
 */
export function numberInvoices(order: BilledOrder, refunds: readonly BilledRefund[]): Promise<NumberedInvoice[]> {
  const wanted = wantedFor(order, refunds);
  return withTransaction(async (tx) => {
    const given = await invoices().find({ orderId: order._id }, { session: tx }).sort({ _id: 1 }).toArray();
    const missing = wanted.filter((one) => !given.some((row) => isSame(row, one)));
    for (const one of missing) given.push(await giveNumber(tx, order, one));
    return given;
  });
}

/** Nobody invoices nothing. A refund that the restaurant bears is its credit note, any other one ours. */
function wantedFor(order: BilledOrder, refunds: readonly BilledRefund[]): Wanted[] {
  const sales = ISSUERS.map((issuer) => ({
    ...{ kind: 'invoice' as const, issuer, sourceId: order._id },
    amountMinor: invoicedMinor(order, issuer),
  }));
  const notes = refunds.map(({ id, amountMinor, liableParty }) => ({
    ...{ kind: 'credit_note' as const, sourceId: id, amountMinor: -amountMinor },
    issuer: liableParty === 'restaurant' ? ('restaurant' as const) : ('platform' as const),
  }));
  return [...sales.filter(({ amountMinor }) => amountMinor !== 0), ...notes];
}

function isSame(row: InvoiceRow, { kind, issuer, sourceId }: Wanted): boolean {
  return row.kind === kind && row.issuer === issuer && row.sourceId === sourceId;
}

async function giveNumber(tx: Tx, order: BilledOrder, wanted: Wanted): Promise<InvoiceRow> {
  const { kind, issuer } = wanted;
  const issuedAt = now();
  const issuerId = issuer === 'platform' ? issuer : order.restaurantId;
  const year = yearOf(issuedAt, order.restaurant.timeZone);
  const counter = await invoiceCounters().findOneAndUpdate(
    { _id: `${issuerId}-${kind}-${year}` },
    { $inc: { last: 1 } },
    { upsert: true, returnDocument: 'after', session: tx },
  );
  if (counter === null) throw new Error('an upsert without a result');
  const row: InvoiceRow = {
    ...{ _id: newId(), orderId: order._id, currency: order.currency, issuedAt, issuerId, year, ...wanted },
    ...{ sequence: counter.last, number: numberOf(issuer, { issuerId, kind, year, sequence: counter.last }) },
  };
  await invoices().insertOne(row, { session: tx });
  return row;
}

function yearOf(at: Date, timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(at));
}

/** At most sixteen characters, as India asks (CGST rule 46 (b)): who, which series, the year, the number in it. */
function numberOf(issuer: Issuer, row: Pick<InvoiceRow, 'issuerId' | 'kind' | 'year' | 'sequence'>): string {
  const prefix = issuer === 'platform' ? 'QB' : row.issuerId.slice(-6).toUpperCase();
  const series = row.kind === 'invoice' ? '' : 'C';
  return `${prefix}${series}-${String(row.year % 100)}-${String(row.sequence).padStart(5, '0')}`;
}
