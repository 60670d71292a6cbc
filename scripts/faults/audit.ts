import { book, listMail, type BookReport } from '../local-cloud/control-client.ts';
import type { Entry, Journal } from './journal.ts';
import { countJobs, RESTLESS } from './rest.ts';
import type { Stage } from './stage.ts';

/** What the journal's own look at the database and at the provider's book has found. */
export interface Audit {
  invoked: number;
  ok: number;
  refused: number;
  /** Without a clear answer at least once; all of them were answered in the end. */
  wereUnknown: number;
  duplicates: number;
  lost: number;
  /** Mails that the server saw more than once. */
  mailCopies: number;
  /** Sentences; empty: every invariant holds. */
  violations: string[];
}

interface StoredOrder {
  _id: string;
  customerId: string;
  status: string;
  amountDueMinor: number;
  eventSeq: number;
}

interface StoredPayment {
  orderId: string;
  status: string;
  amountCapturedMinor: number;
  amountRefundedMinor: number;
}

/** Nothing is to be taken yet. */
const UNSETTLED = new Set(['pending_payment', 'placed']);

interface Facts {
  entries: Entry[];
  /** By customer, who ordered once. */
  orders: Map<string, StoredOrder[]>;
  payments: Map<string, StoredPayment>;
  intents: Map<string, BookReport['perIntent']>;
  events: Map<string, number[]>;
}

/** Failed jobs that the scenario meant to have. */
export interface Plan {
  plannedDeadLetters: number;
}

export async function auditJournal(stage: Stage, journal: Journal, { plannedDeadLetters }: Plan): Promise<Audit> {
  const facts = await gather(stage, journal.entries);
  const orders = [...facts.orders.values()].flat();
  const acknowledged = journal.entries.filter(({ outcome }) => outcome === 'ok');
  const lost = acknowledged.filter(({ order }) => !orders.some(({ _id }) => _id === order?.id)).length;
  const duplicates = [...facts.orders.values()].filter((own) => own.length > 1).length;
  return {
    invoked: journal.entries.length,
    ok: acknowledged.length,
    refused: journal.entries.filter(({ outcome }) => outcome === 'refused').length,
    wereUnknown: journal.entries.filter(({ wasUnknown }) => wasUnknown).length,
    ...{ duplicates, lost },
    mailCopies: sum((await listMail(stage.cloud.inboxUrl)).map(({ copies }) => copies - 1)),
    violations: [
      ...(lost > 0 ? [`I1: ${lost} acknowledged orders do not exist`] : []),
      ...(duplicates > 0 ? [`I2: ${duplicates} customers have more than one order`] : []),
      ...journal.entries.flatMap((entry) => judgeEntry(entry, facts)),
      ...orders.flatMap((order) => [...judgeMoney(order, facts), ...judgeLog(order, facts)]),
      ...(await judgeLedger(stage)),
      ...(await judgeMails(stage, orders)),
      ...(await judgeQueues(stage, plannedDeadLetters)),
      ...judgeAnswers(journal),
    ],
  };
}

async function gather({ client, db, cloud }: Stage, entries: Entry[]): Promise<Facts> {
  const customerIds = entries.map(({ job }) => job.userId);
  // Of one moment: an order that moves between two reads would seem to have lost an event.
  const { orders, payments, events } = await client.withSession({ snapshot: true }, async (session) => {
    const orders = await db
      .collection<StoredOrder>('orders')
      .find({ customerId: { $in: customerIds } }, { session })
      .toArray();
    const ofThem = { orderId: { $in: orders.map(({ _id }) => _id) } };
    const payments = await db.collection<StoredPayment>('payments').find(ofThem, { session }).toArray();
    const events = await db
      .collection<{ orderId: string; seq: number }>('order_events')
      .find(ofThem, { session })
      .sort({ seq: 1 })
      .toArray();
    return { orders, payments, events };
  });
  const { perIntent } = await book(cloud.stripeUrl);
  return {
    entries,
    orders: Map.groupBy(orders, ({ customerId }) => customerId),
    payments: new Map(payments.map((payment) => [payment.orderId, payment])),
    intents: Map.groupBy(perIntent, ({ metadata }) => metadata['orderId'] ?? ''),
    events: new Map(
      [...Map.groupBy(events, (row) => row.orderId)].map(([id, rows]) => [id, rows.map((row) => row.seq)]),
    ),
  };
}

/** What is claimed to be wrong, where it is. */
function wrongAmong(claims: readonly (readonly [isWrong: boolean, problem: string])[]): string[] {
  return claims.filter(([isWrong]) => isWrong).map(([, problem]) => problem);
}

/** I1 and I2 by what the customer heard. */
function judgeEntry({ job: { key, userId }, outcome, order, texts, refusal }: Entry, { orders }: Facts): string[] {
  const [own] = orders.get(userId) ?? [];
  const isOpen = outcome === 'invoked' || outcome === 'unknown';
  // While the provider is silent the answer has no secret yet; that one aside, replays are equal to the byte.
  const whole = texts.filter((text) => !text.includes('"clientSecret":null'));
  return wrongAmong([
    [isOpen, `I1: key ${key} never got an answer`],
    [outcome === 'refused', `key ${key} was refused: ${String(refusal)}`],
    [outcome === 'refused' && own !== undefined, `I2: key ${key} was refused and has an order`],
    [outcome === 'ok' && own?._id !== order?.id, `I2: key ${key} was told of another order`],
    [new Set(whole).size > 1, `I2: the answers to key ${key} differ`],
  ]);
}

/** I3, and that the money is what the order is worth in the end. */
function judgeMoney({ _id, status, amountDueMinor }: StoredOrder, { payments, intents }: Facts): string[] {
  const own = intents.get(_id) ?? [];
  const payment = payments.get(_id);
  if (payment === undefined) return [`I3: order ${_id} has no payment`];
  const { amountCapturedMinor, amountRefundedMinor } = payment;
  const captureCount = sum(own.map((intent) => intent.captureCount));
  const captured = sum(own.map((intent) => intent.captured));
  const refunded = sum(own.map((intent) => intent.refunded));
  const held = sum(own.map((intent) => intent.authorized - intent.captured - intent.released));
  const kept = captured - refunded;
  const tooMany = wrongAmong([
    [own.length > 1, `${own.length} intents`],
    [captureCount > 1, `${captureCount} captures`],
  ]);
  const differences = wrongAmong([
    [captured !== amountCapturedMinor, `${captured} taken, ${amountCapturedMinor} booked`],
    [refunded !== amountRefundedMinor, `${refunded} given back, ${amountRefundedMinor} booked`],
    [
      !UNSETTLED.has(status) && kept !== amountDueMinor,
      `worth ${amountDueMinor}, kept ${kept}, order ${status}, payment ${payment.status}`,
    ],
    [status === 'cancelled' && held !== 0, `${held} still held`],
  ]);
  // While it moves, the provider's book is ahead of ours: it is told as not at rest.
  const problems = RESTLESS.includes(payment.status) ? tooMany : [...tooMany, ...differences];
  return problems.map((problem) => `I3: order ${_id}: ${problem}`);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** I6: no gap, no double. */
function judgeLog({ _id, eventSeq }: StoredOrder, { events }: Facts): string[] {
  const seqs = events.get(_id) ?? [];
  const isWhole = seqs.length === eventSeq && seqs.every((seq, index) => seq === index + 1);
  return isWhole ? [] : [`I6: order ${_id} has ${seqs.length} events and counts ${eventSeq}`];
}

/** I4, as far as it needs no knowledge of accounts. */
async function judgeLedger({ db }: Stage): Promise<string[]> {
  const unbalanced = await db
    .collection('ledger_entries')
    .aggregate<{ _id: string }>([
      { $match: { $expr: { $ne: [{ $sum: '$lines.amountMinor' }, 0] } } },
      { $project: { _id: 1 } },
    ])
    .toArray();
  return unbalanced.map(({ _id }) => `I4: ledger entry ${_id} does not balance`);
}

/** I8: one confirmation per order that was placed. */
async function judgeMails({ db }: Stage, orders: readonly StoredOrder[]): Promise<string[]> {
  const placed = await db
    .collection<{ orderId: string }>('order_events')
    .distinct('orderId', { orderId: { $in: orders.map(({ _id }) => _id) }, type: 'order.placed' });
  const sent = await db.collection<{ subjectId: string }>('notifications').distinct('subjectId', {
    kind: 'order-confirmed',
    subjectId: { $in: placed },
    status: { $in: ['sent', 'dropped'] },
  });
  const missing = placed.length - sent.length;
  return missing > 0 ? [`I8: ${missing} of ${placed.length} confirmations were not sent`] : [];
}

/** I11. */
async function judgeQueues(stage: Stage, planned: number): Promise<string[]> {
  const open = await stage.db.collection('outbox').countDocuments({ doneAt: null });
  const { failed, busy } = await countJobs(stage);
  return [
    ...(open > 0 ? [`I11: ${open} promises of the outbox are open`] : []),
    ...(busy > 0 ? [`I11: ${busy} jobs are left`] : []),
    ...(failed === planned ? [] : [`I11: ${failed} dead letters, ${planned} were planned`]),
  ];
}

/** I14: a refusal says when to come again, and comes soon. */
function judgeAnswers({ answers }: Journal): string[] {
  const wrong = answers.filter(
    ({ status, isRetryNamed }) => status >= 500 && !([503, 504].includes(status) && isRetryNamed),
  );
  const slow = answers.filter(({ status, ms }) => status > 0 && ms > 5000);
  const statuses = [...new Set(wrong.map(({ status }) => status))].join(', ');
  return [
    ...(wrong.length > 0 ? [`I14: ${wrong.length} answers ${statuses} without a hint when to come again`] : []),
    ...(slow.length > 0 ? [`I14: ${slow.length} answers took more than 5 s: ${slow.map(wordsOf).join(', ')}`] : []),
  ];
}

function wordsOf({ status, ms }: { status: number; ms: number }): string {
  return `${status} after ${(ms / 1000).toFixed(1)} s`;
}
