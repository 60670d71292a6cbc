/**
 * The only place that reads the time (lint forbids `new Date()` elsewhere), so that a test can own it.
 * The offset moves this process's view of time; MongoDB and Redis keep theirs.
 */
let offsetMs = 0;
let frozenAtMs: number | null = null;

export function nowMs(): number {
  return frozenAtMs ?? Date.now() + offsetMs;
}

export function now(): Date {
  return new Date(nowMs());
}

export function secondsFromNow(seconds: number): Date {
  return new Date(nowMs() + seconds * 1000);
}

export function addMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

export function dateFrom(value: string | number): Date {
  return new Date(value);
}

/** Tests only: stand still at `at`, shift by `ms`, or (null) go back to the real time. */
export function setClock(setting: { frozenAt: Date } | { offsetMs: number } | null): void {
  frozenAtMs = setting !== null && 'frozenAt' in setting ? setting.frozenAt.getTime() : null;
  offsetMs = setting !== null && 'offsetMs' in setting ? setting.offsetMs : 0;
}
