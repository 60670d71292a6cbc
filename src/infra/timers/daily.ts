import { addMs, dateFrom, now } from '../../shared/clock.ts';
import { withTransaction } from '../mongo/index.ts';
import { registerTimer, scheduleTimer } from './timers.ts';

const DAY_MS = 86_400_000;
const hours = new Map<string, number>();

interface DailyWork {
  /** Of its timers. */
  kind: string;
  /** UTC. */
  hour: number;
  /** Idempotent, and soon over: promises the work rather than doing it. */
  run: () => Promise<void>;
}

/** What happens once a day. A worker that was away catches up with one of the times that it missed. */
export function registerDaily({ kind, hour, run }: DailyWork): void {
  hours.set(kind, hour);
  registerTimer(kind, async () => {
    await setNext(kind);
    await run();
  });
}

/** Sets the next time of everything that is registered; called by the worker. A time that is past and has not fired stays. */
export async function startDaily(): Promise<void> {
  for (const kind of hours.keys()) await setNext(kind);
}

/** Each day is a subject of its own, so that setting tomorrow's cannot move today's. */
async function setNext(kind: string): Promise<void> {
  const dueAt = nextAt(hours.get(kind) ?? 0, now());
  const subjectId = dueAt.toISOString().slice(0, 10);
  await withTransaction((tx) => scheduleTimer(tx, { kind, subjectId, dueAt }));
}

function nextAt(hour: number, after: Date): Date {
  const midnight = dateFrom(Math.floor(after.getTime() / DAY_MS) * DAY_MS);
  const today = addMs(midnight, hour * 3_600_000);
  return today > after ? today : addMs(today, DAY_MS);
}
