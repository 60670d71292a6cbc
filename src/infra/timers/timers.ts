import { trusted } from 'mongoose';
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
type FireTimer = (subjectId: string) => Promise<void>;

const CLAIM_MS = 30_000;
const NEVER_CLAIMED = dateFrom(0);
const registry = new Map<string, FireTimer>();
const fired = counter('quickbite_timers_fired_total', 'Timers fired', ['kind', 'result']);

/** Modules register what their timers do; called by bootstrap. */
export function registerTimer(kind: string, fire: FireTimer): void {
  registry.set(kind, fire);
}

/** Sets (or moves) the subject's timer of this kind, in the caller's transaction. */
export async function scheduleTimer(tx: Tx, request: TimerRequest): Promise<void> {
  const { kind, subjectId, dueAt } = request;
  await TimerModel.collection.updateOne(
    { _id: timerId(kind, subjectId) as never },
    { $set: { kind, subjectId, dueAt, claimedUntil: NEVER_CLAIMED, attempts: 0 } },
    { upsert: true, session: tx },
  );
  afterCommit(tx, () => setAlarm(request));
}

export async function cancelTimers(tx: Tx, subjectId: string, kinds: readonly string[]): Promise<void> {
  const ids = kinds.map((kind) => timerId(kind, subjectId));
  await TimerModel.collection.deleteMany({ _id: { $in: ids as never[] } }, { session: tx });
}

/**
 * Fires every timer that is due at `at`. The delayed job and the sweep both end here.
 * @returns how many fired without a fault
 */
export async function fireDueTimers(at: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const timer = await TimerModel.findOneAndUpdate(
      { dueAt: trusted({ $lte: at }), claimedUntil: trusted({ $lte: at }) },
      { $set: { claimedUntil: addMs(at, CLAIM_MS) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    ).lean();
    if (timer === null) return count;
    if (await fireOne(timer)) count += 1;
  }
}

async function fireOne(timer: TimerRow): Promise<boolean> {
  const fire = registry.get(timer.kind);
  try {
    if (fire === undefined) throw new Error(`nobody registered timer ${timer.kind}`);
    await fire(timer.subjectId);
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
