import { dateFrom } from '../../shared/clock.ts';
import type { Availability } from './availability.ts';

interface Turning {
  pausedUntil: Date | null;
  busyUntil: Date | null;
  capacity: { slotMinutes: number } | null;
}

/** A kitchen that counts its orders may be full in the next slot, which nobody looks at ahead. */
const SLOT_LOOK_MS = 15_000;

/** The next instant at which what is said of a restaurant changes by the clock alone; null: not in sight. */
export function nextTurnOf(
  { pausedUntil, busyUntil, capacity }: Turning,
  { openUntil, nextOpenAt }: Pick<Availability, 'openUntil' | 'nextOpenAt'>,
  at: Date,
): Date | null {
  const atMs = at.getTime();
  const times = [pausedUntil, busyUntil, openUntil, nextOpenAt].flatMap((time) =>
    time === null ? [] : time.getTime(),
  );
  const ahead = [...times, ...(capacity === null ? [] : [atMs + SLOT_LOOK_MS])].filter((time) => time > atMs);
  return ahead.length === 0 ? null : dateFrom(Math.min(...ahead));
}
