import { defineProcessor } from '../../infra/queue/index.ts';
import { makeReport } from './admin-reports.service.ts';
import { makeOrderDocuments } from './order-documents.service.ts';
import { makePayoutDocument } from './payout-documents.service.ts';
import { reportsQueue } from './reports.jobs.ts';

/**
 * Purpose: receipts, invoices and statements as PDFs, reports as CSV. Idempotency: a number is given once per sale or refund; a document is stored over
 * an older one of itself, never over a later one. Retry: exponential, see the queue; whoever asks for what is missing asks again.
 */
export const reportsProcessor = defineProcessor(reportsQueue, {
  concurrency: 2,
  jobs: {
    'make-order-documents': ({ orderId }) => makeOrderDocuments(orderId),
    'make-report': ({ reportId }) => makeReport(reportId),
    'make-payout-document': ({ payoutId }) => makePayoutDocument(payoutId),
  },
});
