import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { findOrder, getBilledOrder, type OrderRecord } from '../orders/index.ts';
import { findBilledRefunds } from './billed-refunds.queries.ts';
import { findDocument, linkTo, storeDocument, type DocumentLink } from './documents.service.ts';
import { numberInvoices } from './invoices/invoice-numbers.service.ts';
import { invoiceOf } from './papers/invoice.ts';
import type { BilledOrder } from './papers/bill.ts';
import { findBill } from './papers/due-bill.ts';
import { placeOf } from './papers/place.ts';
import { receiptOf } from './papers/receipt.ts';
import { renderPaper } from './papers/render-paper.ts';
import type { Seller } from './papers/sellers.ts';
import { reportsQueue } from './reports.jobs.ts';

/**
 * Makes receipt and invoice of an order that was received, or whose end cost something; of any other one nothing. Made anew with every
 * refund: each making reads the order first, so that it shows at least what its version says.
 */
export async function makeOrderDocuments(orderId: string): Promise<void> {
  const order = await findOrder(orderId);
  const bill = order === null ? null : findBill(order);
  if (order === null || bill === null) return;
  const refunds = await findBilledRefunds(order.paymentId);
  const numbered = await numberInvoices(bill, refunds);
  const platform = platformSeller(bill);
  const papers = {
    receipt: receiptOf(bill, { refunds, platform }),
    invoice: invoiceOf(bill, { refunds, numbered, platform }),
  };
  for (const kind of ['receipt', 'invoice'] as const) {
    await storeDocument({
      ...{ kind, subjectId: orderId, version: order.eventSeq, stamp: stampOf(order) },
      ...{ fileName: `${kind}-${order.number}.pdf`, mediaType: 'application/pdf' },
      content: await renderPaper(papers[kind]),
    });
  }
}

interface AskedDocument {
  orderId: string;
  kind: 'receipt' | 'invoice';
}

/**
 * A link to it; null while it is being made, anew where the order's figures have changed since.
 * @throws AppError `not_found` for who may not see the bill, `invalid_transition` while there is nothing to show
 */
export async function findOrderDocument({ orderId, kind }: AskedDocument, actor: Actor): Promise<DocumentLink | null> {
  const order = await getBilledOrder(orderId, actor);
  if (findBill(order) === null) throw new AppError('invalid_transition', { details: { status: order.status } });
  const made = await findCurrent(order, kind);
  return made === null ? null : linkTo(made);
}

/** As the order's figures stand; null while it is being made. */
export async function findCurrent(order: OrderRecord, kind: AskedDocument['kind']) {
  const { _id: orderId, eventSeq } = order;
  const made = await findDocument(kind, orderId);
  if (made?.stamp === stampOf(order)) return made;
  // An order from before there were documents, or a job that is behind: the id makes many who ask one job.
  await reportsQueue.enqueue('make-order-documents', { orderId }, { jobId: `documents-${orderId}-${eventSeq}` });
  return null;
}

/** Under the number of the place; where we have none, without. */
function platformSeller({ restaurant }: BilledOrder): Seller {
  const { legalName: name, addressLine, taxNumbers } = config.platform;
  return { name, addressLine, taxNumber: taxNumbers[placeOf(restaurant.timeZone).country ?? ''] ?? null };
}

function stampOf({ pricing, amountDueMinor, amountRefundedMinor, tippedMinor }: OrderRecord): string {
  return [pricing.totalMinor, amountDueMinor, amountRefundedMinor, tippedMinor].join('/');
}
