import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { addMs, now } from '../../shared/clock.ts';
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

/** Promises the comparison of a day, again if need be. */
export async function requestReconciliation(day: string): Promise<{ day: string }> {
  await withTransaction(async (tx) => {
    await appendOutbox(tx, [{ event: RECONCILIATION_REQUESTED, payload: { day } }]);
    await recordAudit(tx, { event: 'money.reconciliation_requested', after: { day } });
  });
  return { day };
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
