import { mongo } from 'mongoose';
import { now } from '../../src/shared/clock.ts';
import { book } from '../local-cloud/control-client.ts';
import { BILL_INVARIANTS, DISPUTE_INVARIANTS } from './bills.ts';
import { COUNT_INVARIANTS, COUNT_ORDER_INVARIANTS } from './counts.ts';
import { DELIVERY_INVARIANTS, DELIVERY_ORDER_INVARIANTS } from './deliveries.ts';
import { INVOICE_INVARIANTS } from './invoices.ts';
import { LEDGER_INVARIANTS } from './ledger.ts';
import { LEDGER_ORDER_INVARIANTS } from './ledger-of-order.ts';
import { MONEY_INVARIANTS } from './money-of-order.ts';
import { orderCases } from './order-cases.ts';
import { ORDER_LOG_INVARIANTS } from './order-log.ts';
import { OUTBOX_INVARIANTS } from './outbox.ts';
import { PROVIDER_INVARIANTS } from './provider-book.ts';
import { REFERENCE_INVARIANTS } from './references.ts';
import { Finding, type Report } from './report.ts';
import { STAGE_INVARIANTS, STAGE_ORDER_INVARIANTS } from './stages.ts';
import { TIP_INVARIANTS } from './tips-of-order.ts';
import type { DatabaseInvariant, OrderCase, OrderInvariant, Scope } from './types.ts';

export { printReport } from './report.ts';
export type { Report } from './report.ts';

/** Judged order by order, over one reading. */
export const ORDER_INVARIANTS: readonly OrderInvariant[] = [
  ...ORDER_LOG_INVARIANTS,
  ...STAGE_ORDER_INVARIANTS,
  ...BILL_INVARIANTS,
  ...MONEY_INVARIANTS,
  ...TIP_INVARIANTS,
  ...LEDGER_ORDER_INVARIANTS,
  ...DELIVERY_ORDER_INVARIANTS,
  ...COUNT_ORDER_INVARIANTS,
];

export const DATABASE_INVARIANTS: readonly DatabaseInvariant[] = [
  ...STAGE_INVARIANTS,
  ...DISPUTE_INVARIANTS,
  ...LEDGER_INVARIANTS,
  ...INVOICE_INVARIANTS,
  ...PROVIDER_INVARIANTS,
  ...DELIVERY_INVARIANTS,
  ...OUTBOX_INVARIANTS,
  ...COUNT_INVARIANTS,
  ...REFERENCE_INVARIANTS,
];

/** How long the consequences of an end may take (domain.md section 2.2, invariant 2). */
const GRACE_MS = 15 * 60_000;

interface Check {
  /** With the name of the database. */
  uri: string;
  /** Of the local payment provider, whose book is compared. */
  providerUrl?: string | undefined;
  /** Queues are drained and nobody orders: everything must hold at once, without the fifteen minutes. */
  isAtRest?: boolean;
}

/** Holds every invariant against a database. Reads only. */
export async function checkInvariants({ uri, providerUrl, isAtRest = false }: Check): Promise<Report> {
  const client = await mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 3000, appName: 'check-invariants' });
  try {
    const moment = { at: now(), graceMs: isAtRest ? 0 : GRACE_MS };
    const scope = { ...moment, db: client.db(), book: providerUrl === undefined ? null : await book(providerUrl) };
    const { orders, findings } = await judgeOrders(client, scope);
    for (const invariant of DATABASE_INVARIANTS) findings.push(await judgeDatabase(invariant, scope));
    const results = findings.map((finding) => finding.toResult());
    return { database: client.db().databaseName, checkedAt: moment.at, orders, results, isSound: results.every(isOk) };
  } finally {
    await client.close();
  }
}

interface Judged {
  invariant: OrderInvariant;
  finding: Finding;
}

async function judgeOrders(client: mongo.MongoClient, moment: Scope) {
  const judged: Judged[] = ORDER_INVARIANTS.map((invariant) => ({ invariant, finding: new Finding(invariant) }));
  let orders = 0;
  for await (const batch of orderCases(client)) {
    orders += batch.length;
    for (const one of judged) judgeBatch(one, batch, moment);
  }
  return { orders, findings: judged.map(({ finding }) => finding) };
}

function judgeBatch({ invariant, finding }: Judged, batch: readonly OrderCase[], moment: Scope): void {
  for (const one of batch) {
    const ids = { order: one.order._id };
    for (const problem of invariant.judge(one, moment)) finding.add({ ids, problem });
  }
}

async function judgeDatabase(invariant: DatabaseInvariant, scope: Scope): Promise<Finding> {
  const finding = new Finding(invariant);
  if (invariant.needsBook === true && scope.book === null) {
    finding.skip('the provider was not named');
    return finding;
  }
  for await (const violation of invariant.find(scope)) finding.add(violation);
  return finding;
}

function isOk({ violations }: Report['results'][0]): boolean {
  return violations === 0;
}
