import { LRUCache } from 'lru-cache';

/**
 * What is known of the changes behind public pages: when each version changed last, in MongoDB's cluster time, as 16 hexadecimal
 * digits, so that times of all processes compare as text. Fed by `follow-changes.ts`.
 */
interface Knowledge {
  /** All changes up to here have been seen. */
  position: string;
  /** Of what happened before, nothing is known: no page is trusted that is older. */
  floor: string;
  /** A stream that was opened again has the past to tell first, and says "nothing more" on the way: up to here it is not believed. */
  caughtUpAt: string;
  /** Grows with every change that touches anything. */
  count: number;
  /** When the stream last said that there is nothing more (`performance.now`). */
  heardAtMs: number;
}

/** Without a word from the stream for so long it counts as away. It speaks four times a second. */
export const SILENCE_MS = 1000;
const MAX_SCOPES = 50_000;

const known: Knowledge = {
  ...{ position: '', floor: '', caughtUpAt: '', count: 0 },
  heardAtMs: Number.NEGATIVE_INFINITY,
};

const changedAt = new LRUCache<string, string>({
  max: MAX_SCOPES,
  dispose: (at, _scope, reason) => {
    // What is forgotten may have changed as late as that.
    if (reason === 'evict' && at > known.floor) known.floor = at;
  },
});

export function isFollowing(): boolean {
  return performance.now() - known.heardAtMs < SILENCE_MS;
}

/** Milliseconds since the stream was last known to be complete. */
export function silenceMs(): number {
  return performance.now() - known.heardAtMs;
}

export function changeCount(): number {
  return known.count;
}

/** What a load that begins now will contain, at least; null while nobody can tell. */
export function positionNow(): string | null {
  return isFollowing() && known.position !== '' ? known.position : null;
}

/** Nothing that `touches` names has changed after `asOf`. */
export function isUnchangedSince(asOf: string, touches: readonly string[]): boolean {
  if (asOf < known.floor) return false;
  return touches.every((scope) => (changedAt.get(scope) ?? '') <= asOf);
}

/** The stream is open; the database stands at `now`, and what lies before it is still to be told. */
export function noteOpened(now: string): void {
  known.caughtUpAt = now;
}

/** The stream begins here: of what went before, nothing is known. */
export function noteStart(at: string): void {
  known.floor = at;
  known.position = at;
  known.count += 1;
  changedAt.clear();
}

export function noteChange(at: string, touched: readonly string[]): void {
  for (const scope of touched) changedAt.set(scope, at);
  if (touched.length > 0) known.count += 1;
  notePosition(at);
}

/** Something happened of which nobody can tell what it touched. */
export function noteUnknownChange(at: string): void {
  known.floor = at;
  known.count += 1;
  notePosition(at);
}

export function notePosition(at: string): void {
  if (at > known.position) known.position = at;
}

/**
 * The stream has nothing more to tell. While it catches up that is no news: pages would carry a position of the past, and each change
 * that is told next would end them, one load after the other.
 */
export function noteHeard(): void {
  if (known.position < known.caughtUpAt) return;
  known.heardAtMs = performance.now();
}

/** Nothing is known any more; pages are trusted for a moment only until the stream is back. */
export function noteSilence(): void {
  known.heardAtMs = Number.NEGATIVE_INFINITY;
}
