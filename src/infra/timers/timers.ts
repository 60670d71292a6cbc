import { mongo, trusted } from 'mongoose';
import { isShuttingDown } from '../lifecycle/index.ts';
import { addMs, dateFrom, nowMs } from '../../shared/clock.ts';
import { counter, reportError } from '../observability/index.ts';
import { afterCommit, type Tx } from '../mongo/with-transaction.ts';
import { timerQueue } from './timer-queue.ts';
import { TimerModel, type TimerRow } from './timer.model.ts';

export interface TimerRequest {
  /** A kind that a module has registered. */
  kind: string;
  subjectId: string;
  dueAt: Date;
}

/** Acts on a timer that is due. Idempotent: a conditional transition that is silent when it lost the race. */
type FireTimer = (subjectId: string, dueAt: Date) => Promise<void>;

const CLAIM_MS = 30_000;
const CLAIM_WAIT_MS = 300;
const AT_ONCE = 8;
const BATCH = 200;
const NEVER_CLAIMED = dateFrom(0);
const registry = new Map<string, FireTimer>();
const fired = counter('quickbite_timers_fired_total', 'Timers fired', ['kind', 'result']);

/** Modules register what their timers do; called by bootstrap. */
export function registerTimer(kind: string, fire: FireTimer): void {
  registry.set(kind, fire);
}

/** Sets (or moves) the subject's timer of this kind, in the caller's transaction. */
export async function scheduleTimer(tx: Tx, request: TimerRequest): Promise<void> {
  await scheduleTimers(tx, [request]);
}

/** Several in one command. */
export async function scheduleTimers(tx: Tx, requests: readonly TimerRequest[]): Promise<void> {
  await TimerModel.collection.bulkWrite(
    requests.map(({ kind, subjectId, dueAt }) => ({
      updateOne: {
        filter: { _id: timerId(kind, subjectId) as never },
        update: { $set: { kind, subjectId, dueAt, claimedUntil: NEVER_CLAIMED, attempts: 0 } },
        upsert: true,
      },
    })),
    { session: tx },
  );
  for (const request of requests) afterCommit(tx, () => setAlarm(request));
}

export async function cancelTimers(tx: Tx, subjectId: string, kinds: readonly string[]): Promise<void> {
  const ids = kinds.map((kind) => timerId(kind, subjectId));
  await TimerModel.collection.deleteMany({ _id: { $in: ids as never[] } }, { session: tx });
}

/** Whether it was set anew, for later, since it was due: a firing that was on its way meanwhile asks this in its transaction. */
export async function isSetAnew(tx: Tx, { kind, subjectId, dueAt }: TimerRequest): Promise<boolean> {
  const anew = await TimerModel.exists({ _id: timerId(kind, subjectId), dueAt: trusted({ $gt: dueAt }) }).session(tx);
  return anew !== null;
}

/**
 * Fires every timer that is due at `at`, several at a time. The delayed job and the sweep both end here.
 * A row that an open transaction holds is left for the next pass: it must not hold up those behind it.
 * @returns how many fired without a fault
 */
export async function fireDueTimers(at: Date): Promise<number> {
  let count = 0;
  while (!isShuttingDown()) {
    const due = await TimerModel.find({ dueAt: trusted({ $lte: at }), claimedUntil: trusted({ $lte: at }) }, { _id: 1 })
      .sort({ dueAt: 1 })
      .limit(BATCH)
      .lean();
    const results = await mapInGroups(due, ({ _id }) => claimAndFire(_id, at));
    count += results.filter((result) => result === 'fired').length;
    // Nothing claimable is left: none due, or only rows that others hold.
    if (results.every((result) => result === 'held')) return count;
  }
  return count;
}

async function mapInGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}

async function claimAndFire(timerId: string, at: Date): Promise<'fired' | 'failed' | 'held'> {
  const timer = await claim(timerId, at);
  if (timer === null) return 'held';
  return (await fireOne(timer)) ? 'fired' : 'failed';
}

async function claim(timerId: string, at: Date): Promise<TimerRow | null> {
  try {
    return await TimerModel.findOneAndUpdate(
      { _id: timerId, dueAt: trusted({ $lte: at }), claimedUntil: trusted({ $lte: at }) },
      { $set: { claimedUntil: addMs(at, CLAIM_MS) }, $inc: { attempts: 1 } },
      { returnDocument: 'after', maxTimeMS: CLAIM_WAIT_MS },
    ).lean();
  } catch (error) {
    // A transaction that died with its process keeps its rows locked for a minute.
    if (error instanceof mongo.MongoServerError && error.codeName === 'MaxTimeMSExpired') return null;
    throw error;
  }
}

async function fireOne(timer: TimerRow): Promise<boolean> {
  const fire = registry.get(timer.kind);
  try {
    if (fire === undefined) throw new Error(`nobody registered timer ${timer.kind}`);
    await fire(timer.subjectId, timer.dueAt);
    // Only this firing's row: the fire function may have set the timer anew.
    await TimerModel.deleteOne({ _id: timer._id, dueAt: timer.dueAt, claimedUntil: timer.claimedUntil });
    fired.inc({ kind: timer.kind, result: 'ok' });
    return true;
  } catch (error) {
    // The claim runs out and the row comes again.
    fired.inc({ kind: timer.kind, result: 'failed' });
    reportError(error, { where: `timer ${timer.kind}`, info: { subjectId: timer.subjectId } });
    return false;
  }
}

async function setAlarm({ kind, subjectId, dueAt }: TimerRequest): Promise<void> {
  const delayMs = Math.max(0, dueAt.getTime() - nowMs());
  const jobId = `${timerId(kind, subjectId)}-${dueAt.getTime()}`.replaceAll('.', '-');
  // Without Redis the sweep fires it.
  await timerQueue.enqueue('fire-due-timers', {}, { jobId, delayMs }).catch(() => undefined);
}

function timerId(kind: string, subjectId: string): string {
  return `${kind}-${subjectId}`;
}
