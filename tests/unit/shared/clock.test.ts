import { afterEach, expect, it } from 'vitest';
import { addMs, dateFrom, now, nowMs, secondsFromNow, setClock } from '../../../src/shared/clock.ts';

const NOON = new Date('2026-11-20T12:00:00.000Z');

afterEach(() => {
  setClock(null);
});

it('a frozen clock stands still', () => {
  setClock({ frozenAt: NOON });
  expect([now(), nowMs(), secondsFromNow(90)]).toEqual([NOON, NOON.getTime(), addMs(NOON, 90_000)]);
});

it('a shifted clock keeps running, and null brings the real time back', () => {
  const day = 86_400_000;
  setClock({ offsetMs: day });
  expect(nowMs() - Date.now()).toBeGreaterThanOrEqual(day - 5);
  setClock(null);
  expect(Math.abs(nowMs() - Date.now())).toBeLessThan(1_000);
});

it('a new setting replaces the old one', () => {
  setClock({ offsetMs: 1 });
  setClock({ frozenAt: NOON });
  setClock({ offsetMs: 0 });
  expect(now()).not.toEqual(NOON);
});

it('adding does not touch the given date', () => {
  expect(addMs(NOON, 1)).toEqual(dateFrom('2026-11-20T12:00:00.001Z'));
  expect(NOON.toISOString()).toBe('2026-11-20T12:00:00.000Z');
});
