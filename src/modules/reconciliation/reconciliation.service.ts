import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { findFirstPostingAt } from '../ledger/index.ts';
import { reconciliationRuns } from './reconciliation-run.model.ts';
import { reconciliationDays, type ReconciliationDay } from './reconciliation-day.model.ts';

/** Timer of the daily run. */
export const RECONCILIATION_TIMER = 'reconciliation.daily';
/** Outbox event: `{ day }`. */
export const RECONCILIATION_REQUESTED = 'reconciliation.requested';

const DAY_MS = 86_400_000;
/** So many days back what is open, or was never looked at, is looked at again: webhooks come up to three days late. */
const DAYS_BACK = 7;

/** The daily run: yesterday, and of the week before what has not come out even. */
export async function promiseReconciliation(): Promise<void> {
  const days = Array.from({ length: DAYS_BACK }, (_, index) => dayOf(addMs(now(), -(index + 1) * DAY_MS)));
  const even = await reconciliationDays()
    .find({ _id: { $in: days.slice(1) }, differenceCount: 0 })
    .toArray();
  const done = new Set(even.map(({ _id }) => _id));
  const open = days.filter((day) => !done.has(day));
  await withTransaction((tx) =>
    appendOutbox(
      tx,
      open.map((day) => ({ event: RECONCILIATION_REQUESTED, payload: { day } })),
    ),
  );
}

/** After this a run is taken to be lost: its job has tried for some ten minutes, and lies among the dead letters. */
const RUN_LOST_MS = 1_800_000;

/**
 * Promises the comparison of a day, again if need be.
 * @throws AppError `reconciliation_day_refused`, `reconciliation_running`
 */
export async function requestReconciliation(day: string): Promise<{ day: string }> {
  await assertComparable(day);
  await withTransaction(async (tx) => {
    await claimRun(tx, day);
    await appendOutbox(tx, [{ event: RECONCILIATION_REQUESTED, payload: { day } }]);
    await recordAudit(tx, { event: 'money.reconciliation_requested', after: { day } });
  });
  return { day };
}

/** Of a day: ISO dates compare as text. */
async function assertComparable(day: string): Promise<void> {
  const to = dayOf(now());
  const oldest = dayOf(addMs(now(), -config.money.reconciliationDaysBack * DAY_MS));
  const first = dayOf((await findFirstPostingAt()) ?? now());
  const from = first > oldest ? first : oldest;
  const reason = day > to ? 'in_the_future' : day < oldest ? 'too_long_ago' : day < first ? 'before_the_books' : null;
  if (reason !== null) throw new AppError('reconciliation_day_refused', { details: { reason, from, to } });
}

/** The row is the lock; the job gives it back. */
async function claimRun(tx: Tx, day: string): Promise<void> {
  const isLost = { $lt: addMs(now(), -RUN_LOST_MS) };
  try {
    const claim = { $set: { claimedAt: now() } };
    await reconciliationRuns().updateOne({ _id: day, claimedAt: isLost }, claim, { upsert: true, session: tx });
  } catch (error) {
    throw isDuplicateKey(error) ? new AppError('reconciliation_running') : error;
  }
}

/** The day was compared: it can be asked for again. */
export async function endRun(day: string): Promise<void> {
  await reconciliationRuns().deleteOne({ _id: day });
}

interface DayPage {
  data: ReconciliationDay[];
  limit: number;
  nextCursor: string | null;
}

/** Newest day first. The cursor is the day to go on before. */
export async function listReconciliations({
  limit,
  cursor,
}: {
  limit: number;
  cursor?: string | undefined;
}): Promise<DayPage> {
  const rows = await reconciliationDays()
    .find(cursor === undefined ? {} : { _id: { $lt: cursor } }, { projection: { differences: 0 } })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .toArray();
  const data = rows.slice(0, limit);
  return { data, limit, nextCursor: rows.length > limit ? (data.at(-1)?._id ?? null) : null };
}

/** @throws AppError `not_found` for a day that was not compared */
export async function getReconciliation(day: string): Promise<ReconciliationDay> {
  const report = await reconciliationDays().findOne({ _id: day });
  if (report === null) throw new AppError('not_found');
  return report;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
