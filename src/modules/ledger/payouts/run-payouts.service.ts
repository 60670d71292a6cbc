import { recordAudit } from '../../../infra/audit/index.ts';
import {
  runIdempotent,
  withTransaction,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../../infra/mongo/index.ts';
import { counter, logger } from '../../../infra/observability/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { assertOnNoSide } from '../../staff/index.ts';
import { payables, type PayableRow } from '../payable.model.ts';
import { postToLedger, type PostingLine } from '../post-to-ledger.service.ts';
import { payoutRuns } from './payout-run.model.ts';
import { payouts, type PayoutRecord, type PayoutTotal } from './payout.model.ts';

/** Timer of the daily run. */
export const PAYOUTS_TIMER = 'ledger.payouts';
/** Outbox events: `{ runId }`, `{ payoutId }`. */
export const PAYOUTS_REQUESTED = 'payouts.requested';
export const PAYOUT_CREATED = 'payout.created';

/** Of one owner; a year of a busy restaurant's rows are marked in less. */
const COLLECT_DEADLINE_MS = 30_000;
const created = counter('quickbite_payouts_total', 'Payouts by what became of them', ['status']);

type Payee = Pick<PayableRow, 'party' | 'ownerId' | 'currency'>;

/**
 * Promises a run: it may take longer than anybody waits. Who would be paid by it waits for the daily one.
 * @throws AppError `own_side`
 */
export async function requestPayouts(
  idempotency: IdempotentRequest,
  actor: Actor,
): Promise<IdempotentAnswer<{ runId: string }>> {
  await assertOnNoSide(actor);
  return runIdempotent(idempotency, async (tx) => {
    const runId = await promiseRun(tx);
    await recordAudit(tx, { event: 'money.payouts_requested', subjectId: runId });
    return { runId };
  });
}

/** The daily run. */
export async function promisePayouts(): Promise<void> {
  await withTransaction(promiseRun);
}

async function promiseRun(tx: Tx): Promise<string> {
  const runId = newId();
  const counts = { attempts: 0, due: 0, made: 0, failed: 0 };
  await payoutRuns().insertOne({ _id: runId, requestedAt: now(), ...counts, finishedAt: null }, { session: tx });
  await appendOutbox(tx, [{ event: PAYOUTS_REQUESTED, payload: { runId } }]);
  return runId;
}

/**
 * One payout for each party and currency that has more to get than it owes. Who owes us gets none: what is payable stays for the
 * next run. Several at once, or the same again, find nothing left.
 * @returns ids of the payouts it made
 */
export async function runPayouts(runId = newId()): Promise<string[]> {
  const due = await findDue();
  await payoutRuns().updateOne(
    { _id: runId },
    { $inc: { attempts: 1 }, $set: { due: due.length, failed: 0, finishedAt: null } },
  );
  const made: string[] = [];
  const failures: unknown[] = [];
  for (const payee of due) {
    try {
      const payoutId = await collectPayout(payee, runId);
      if (payoutId !== null) made.push(payoutId);
    } catch (error) {
      // One that fails keeps nobody else from being paid; the retry finds it again.
      failures.push(error);
    }
  }
  await payoutRuns().updateOne({ _id: runId }, { $set: { failed: failures.length, finishedAt: now() } });
  logger.info({ runId, due: due.length, made: made.length, failed: failures.length }, 'payouts were run');
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} payouts could not be made`);
  return made;
}

export function duePipeline() {
  return [
    { $match: { status: 'payable', party: { $in: ['courier', 'restaurant'] } } },
    {
      $group: {
        _id: { party: '$party', ownerId: '$ownerId', currency: '$currency' },
        amountMinor: { $sum: '$amountMinor' },
      },
    },
    { $match: { amountMinor: { $gt: 0 } } },
    { $sort: { _id: 1 as const } },
  ];
}

async function findDue(): Promise<Payee[]> {
  const groups = await payables().aggregate<{ _id: Payee }>(duePipeline(), { hint: 'payable' }).toArray();
  return groups.map(({ _id }) => _id);
}

class NothingToPay extends Error {}

/** Marks the rows, adds them up, posts, in one transaction: a row is in one payout, whoever runs beside. */
async function collectPayout(payee: Payee, runId: string): Promise<string | null> {
  const payoutId = newId();
  try {
    await withTransaction((tx) => collectRows(tx, { payoutId, runId }, payee), { deadlineMs: COLLECT_DEADLINE_MS });
  } catch (error) {
    // The rows are given back with the transaction.
    if (error instanceof NothingToPay) return null;
    throw error;
  }
  created.inc({ status: 'created' });
  return payoutId;
}

async function collectRows(
  tx: Tx,
  { payoutId, runId }: { payoutId: string; runId: string },
  payee: Payee,
): Promise<void> {
  const { party, ownerId, currency } = payee;
  await payables().updateMany(
    { party, ownerId, currency, status: 'payable' },
    { $set: { status: 'settled', payoutId } },
    { session: tx },
  );
  const { totals, ...period } = await addUp(tx, payoutId);
  const amountMinor = totals.reduce((sum, total) => sum + total.amountMinor, 0);
  if (amountMinor <= 0) throw new NothingToPay();
  const payout: PayoutRecord = {
    ...{ _id: payoutId, party, ownerId, currency, amountMinor, totals, ...period },
    ...{ status: 'created', createdAt: now(), settledAt: null, reference: null, failureReason: null },
    hasStatement: false,
  };
  await payouts().insertOne(payout, { session: tx });
  await payoutRuns().updateOne({ _id: runId }, { $inc: { made: 1 } }, { session: tx });
  await postToLedger(tx, { kind: 'payout', sourceId: payoutId, currency, lines: linesOf(payout) });
  await recordAudit(tx, {
    ...{ event: 'money.payout_created', subjectId: payoutId },
    after: { ownerId, party, amountMinor, currency },
  });
  await appendOutbox(tx, [{ event: PAYOUT_CREATED, payload: { payoutId } }]);
}

interface Sum {
  totals: PayoutTotal[];
  periodFrom: Date;
  periodTo: Date;
}

async function addUp(tx: Tx, payoutId: string): Promise<Sum> {
  const groups = await payables()
    .aggregate<{
      _id: Pick<PayoutTotal, 'account' | 'kind'>;
      count: number;
      amountMinor: number;
      from: Date;
      to: Date;
    }>(
      [
        { $match: { payoutId } },
        {
          $group: {
            ...{ _id: { account: '$account', kind: '$kind' }, count: { $sum: 1 } },
            ...{ amountMinor: { $sum: '$amountMinor' }, from: { $min: '$createdAt' }, to: { $max: '$createdAt' } },
          },
        },
        { $sort: { _id: 1 } },
      ],
      { session: tx },
    )
    .toArray();
  // Another run was quicker.
  if (groups.length === 0) throw new NothingToPay();
  const [from, to] = [groups.map((group) => group.from), groups.map((group) => group.to)];
  return {
    totals: groups.map(({ _id, count, amountMinor }) => ({ ..._id, count, amountMinor })),
    periodFrom: from.reduce((a, b) => (a < b ? a : b)),
    periodTo: to.reduce((a, b) => (a > b ? a : b)),
  };
}

/** What we owed is owed no more, and on its way to them. */
function linesOf({ ownerId, amountMinor, totals }: PayoutRecord): PostingLine[] {
  const settled = Map.groupBy(totals, ({ account }) => account);
  return [
    ...[...settled].map(([account, group]) => {
      return { account, ownerId, amountMinor: group.reduce((sum, total) => sum + total.amountMinor, 0) };
    }),
    { account: 'payout_clearing', amountMinor: -amountMinor },
  ];
}
