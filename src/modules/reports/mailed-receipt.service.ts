import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { nowMs } from '../../shared/clock.ts';
import { isEqualMac, macOf } from '../auth/index.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { readDocument, type OpenedDocument } from './documents.service.ts';
import { findCurrent } from './order-documents.service.ts';
import { findBill } from './papers/due-bill.ts';
import { deadLinkPage, waitingPage } from './receipt-pages.ts';

/** What the mail of an order says: its bill, and where the PDF is; null: nothing was paid for. */
export interface MailedReceipt {
  bill: OrderRecord;
  url: string;
}

/**
 * The link names the order and not the document, so that the mail need not wait for the job that makes it, and leads to what is true
 * when it is opened. It lives from the order's end, so that each attempt at the mail has the same.
 */
export function findReceiptToMail(order: OrderRecord): MailedReceipt | null {
  const bill = findBill(order);
  if (bill === null) return null;
  const expires = Math.floor(bill.endedAt.getTime() / 1000) + config.money.receiptLinkSeconds;
  const parts = { orderId: order._id, expires };
  const query = new URLSearchParams({ expires: String(expires), signature: signatureOf(parts) });
  return { bill, url: `${config.server.publicUrl}/api/v1/receipts/${order._id}?${query.toString()}` };
}

interface LinkParts {
  orderId: string;
  /** Seconds since 1970. */
  expires: number;
}

function signatureOf({ orderId, expires }: LinkParts): string {
  return macOf('receipt', `${orderId}.${expires}`);
}

interface Opening extends LinkParts {
  signature: string;
  /** A browser gets pages for people, which say what to do. */
  isBrowser: boolean;
}

export type OpenedReceipt = OpenedDocument | { page: string; status: 202 | 404 };

/**
 * Whatever is wrong with a link, its answer is the same: who guesses learns nothing, and whoever has an old one what to do.
 * @throws AppError `not_found` where no browser asks
 */
export async function openReceipt({ signature, isBrowser, ...parts }: Opening): Promise<OpenedReceipt> {
  const isGood = isEqualMac(signatureOf(parts), signature) && parts.expires * 1000 > nowMs();
  const order = isGood ? await findOrder(parts.orderId) : null;
  if (order === null || findBill(order) === null) {
    if (isBrowser) return { page: deadLinkPage(config.server.appUrl), status: 404 };
    throw new AppError('not_found');
  }
  const made = await findCurrent(order, 'receipt');
  return made === null ? { page: waitingPage(), status: 202 } : readDocument(made._id);
}
