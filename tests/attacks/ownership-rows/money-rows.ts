import { payoutRuns } from '../../../src/modules/ledger/payouts/payout-run.model.ts';
import { payouts } from '../../../src/modules/ledger/payouts/payout.model.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { makeStatement, statementLink } from '../../../src/modules/ledger/payouts/statements.service.ts';
import { reconciliationDays } from '../../../src/modules/reconciliation/reconciliation-day.model.ts';
import { reconciliationRuns } from '../../../src/modules/reconciliation/reconciliation-run.model.ts';
import { requestReport } from '../../../src/modules/reports/admin-reports.service.ts';
import { findDocument, linkTo, storeDocument } from '../../../src/modules/reports/documents.service.ts';
import { makeOrderDocuments } from '../../../src/modules/reports/order-documents.service.ts';
import { makePayoutDocument } from '../../../src/modules/reports/payout-documents.service.ts';
import { findReceiptToMail } from '../../../src/modules/reports/mailed-receipt.service.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createCapturedOrder } from '../../factories/refund.ts';
import type { OwnershipRows, Parties, Resource } from './ownership-row.ts';

const DAY = '2026-10-01';

/** Of payouts, cash and the comparison with the provider. */
export const MONEY_ROWS: OwnershipRows = {
  'get /payouts/:payoutId': { entitled: ['courier', 'office'], make: payout() },
  'get /payouts/:payoutId/statement': { entitled: ['public'], make: statement },
  'get /payouts/:payoutId/document': { entitled: ['courier', 'office'], make: printed },
  'get /admin/reports/:reportId': { entitled: ['office'], make: report },
  'get /documents/:documentId': { entitled: ['public'], make: document },
  'get /receipts/:orderId': { entitled: ['public'], make: receipt },
  'get /admin/payouts/run/:runId': { entitled: ['office'], make: run },
  'post /admin/payouts/:payoutId/paid': { entitled: ['office'], make: payout({ reference: 'NEFT 1' }) },
  'post /admin/payouts/:payoutId/failed': { entitled: ['office'], make: payout({ reason: 'Closed' }) },
  'post /admin/couriers/:courierId/cash-deposits': { isUser: true, entitled: ['office'], make: cash },
  'get /admin/reconciliation/:day': { isName: true, entitled: ['office'], make: day },
  'post /admin/reconciliation/:day': { isName: true, isOnce: true, entitled: ['office'], make: today },
  'get /admin/users/:userId/cash': { isUser: true, entitled: ['office'], make: customer },
  'post /admin/users/:userId/cash/lift': { isUser: true, entitled: ['office'], make: forgiving },
};

function payout(body?: object) {
  return async ({ courier }: Parties): Promise<Resource> => {
    await createEarning({ courier: courier.userId, amountMinor: 700 });
    const [payoutId = ''] = await runPayouts();
    return { params: { payoutId }, ...(body && { body }) };
  };
}

/** The link is the key: whoever has it may. */
async function statement(parties: Parties): Promise<Resource> {
  const { params } = await payout()(parties);
  const payoutId = params['payoutId'] ?? '';
  await makeStatement(payoutId);
  const made = await payouts().findOne({ _id: payoutId });
  const link = made === null ? null : statementLink(made);
  return { params, query: Object.fromEntries(new URL(link?.url ?? '').searchParams) };
}

/** Its PDF is made: the answer is a link. */
async function printed(parties: Parties): Promise<Resource> {
  const { params } = await payout()(parties);
  await makePayoutDocument(params['payoutId'] ?? '');
  return { params };
}

async function run(): Promise<Resource> {
  const _id = newId();
  const counts = { attempts: 1, due: 0, made: 0, failed: 0 };
  await payoutRuns().insertOne({ _id, requestedAt: now(), ...counts, finishedAt: now() });
  return { params: { runId: _id } };
}

async function report(): Promise<Resource> {
  const admin = { userId: newId(), roles: ['admin' as const], sessionId: newId() };
  const { _id } = await requestReport({ kind: 'sales', from: '2026-11-01', to: '2026-11-30' }, admin);
  return { params: { reportId: _id } };
}

/** As with a statement. */
async function document(): Promise<Resource> {
  const about = { kind: 'report' as const, subjectId: newId(), version: 1, stamp: '' };
  await storeDocument({ ...about, fileName: 'x.csv', mediaType: 'text/csv', content: Buffer.from('x') });
  const row = await findDocument('report', about.subjectId);
  const documentId = row?._id ?? '';
  const link = new URL(linkTo({ _id: documentId }).url);
  return { params: { documentId }, query: Object.fromEntries(link.searchParams) };
}

async function receipt(): Promise<Resource> {
  const order = await createCapturedOrder();
  await makeOrderDocuments(order._id);
  const link = new URL(findReceiptToMail(order)?.url ?? '');
  return { params: { orderId: order._id }, query: Object.fromEntries(link.searchParams) };
}

async function cash({ courier }: Parties): Promise<Resource> {
  await createEarning({ courier: courier.userId, cash: true, amountMinor: 700 });
  return { params: { courierId: courier.userId }, body: { amount: { amount: 100, currency: 'INR' } } };
}

/** It can be compared again. */
async function today(): Promise<Resource> {
  const params = { day: now().toISOString().slice(0, 10) };
  await reconciliationRuns().deleteOne({ _id: params.day });
  return { params };
}

function customer({ customer: { userId } }: Parties): Promise<Resource> {
  return Promise.resolve({ params: { userId } });
}

async function forgiving(parties: Parties): Promise<Resource> {
  return { ...(await customer(parties)), body: { reason: 'The doorbell was broken.' } };
}

async function day(): Promise<Resource> {
  const even = { ranAt: now(), movements: 0, matched: 0, sums: [], counts: {}, differenceCount: 0, differences: [] };
  await reconciliationDays().replaceOne({ _id: DAY }, even, { upsert: true });
  return { params: { day: DAY } };
}
