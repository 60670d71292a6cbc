import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import type { BilledOrder, BilledRefund } from '../papers/bill.ts';
import { invoicedMinor } from '../papers/charges.ts';
import type { NumberedInvoice } from '../papers/invoice.ts';
import { fiscalYearOf, placeOf } from '../papers/place.ts';
import { ISSUERS, type Issuer } from '../papers/sellers.ts';
import { invoiceCounters } from './invoice-counter.model.ts';
import { invoices, type InvoiceRow } from './invoice.model.ts';

/** `at`: of the sale or refund, whose year counts, however late it is written down. */
type Wanted = Pick<InvoiceRow, 'kind' | 'issuer' | 'sourceId' | 'amountMinor'> & { at: Date };

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
    ...{ kind: 'invoice' as const, issuer, sourceId: order._id, at: order.endedAt },
    amountMinor: invoicedMinor(order, issuer),
  }));
  const notes = refunds.map(({ id, amountMinor, liableParty, at }) => ({
    ...{ kind: 'credit_note' as const, sourceId: id, amountMinor: -amountMinor, at },
    issuer: liableParty === 'restaurant' ? ('restaurant' as const) : ('platform' as const),
  }));
  return [...sales.filter(({ amountMinor }) => amountMinor !== 0), ...notes];
}

function isSame(row: InvoiceRow, { kind, issuer, sourceId }: Wanted): boolean {
  return row.kind === kind && row.issuer === issuer && row.sourceId === sourceId;
}

async function giveNumber(tx: Tx, order: BilledOrder, { at, ...wanted }: Wanted): Promise<InvoiceRow> {
  const { timeZone } = order.restaurant;
  const series = { ...seriesOf(order, wanted.issuer), kind: wanted.kind, year: fiscalYearOf(at, timeZone) };
  const { issuerId, kind, year } = series;
  const counter = await invoiceCounters().findOneAndUpdate(
    { _id: `${issuerId}-${kind}-${year}` },
    { $inc: { last: 1 } },
    { upsert: true, returnDocument: 'after', session: tx },
  );
  if (counter === null) throw new Error('an upsert without a result');
  const row: InvoiceRow = {
    ...{ _id: newId(), orderId: order._id, currency: order.currency, issuedAt: now(), issuerId, year, ...wanted },
    ...{ sequence: counter.last, number: numberOf(series, counter.last) },
  };
  await invoices().insertOne(row, { session: tx });
  return row;
}

interface Series {
  issuerId: string;
  prefix: string;
}

/** One per restaurant. Ours are by country: we are registered in each, and its years are not those of another. */
function seriesOf({ restaurant, restaurantId }: BilledOrder, issuer: Issuer): Series {
  if (issuer === 'restaurant') return { issuerId: restaurantId, prefix: restaurantId.slice(-6).toUpperCase() };
  const { country } = placeOf(restaurant.timeZone);
  return { issuerId: country === null ? issuer : `${issuer}-${country}`, prefix: `QB${country ?? ''}` };
}

/**
 * Who, which series, the year in which it began, the number in it: letters, digits and hyphens, at most sixteen of them, as India asks
 * (CGST Rules 2017, rule 46 (b), and 53 for credit notes); France asks for an unbroken series (CGI, annexe II, article 242 nonies A).
 */
function numberOf({ prefix, kind, year }: Series & Pick<InvoiceRow, 'kind' | 'year'>, sequence: number): string {
  const series = kind === 'invoice' ? '' : 'C';
  return `${prefix}${series}-${String(year % 100)}-${String(sequence).padStart(5, '0')}`;
}
