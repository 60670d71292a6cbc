import { describe, expect, it } from 'vitest';
import { dateFrom } from '../../../src/shared/clock.ts';
import { timeTextsOf } from '../../../src/shared/time-texts.ts';

const AT = dateFrom('2026-11-22T02:41:00.000Z');
const LATER = dateFrom('2026-11-22T03:11:00.000Z');

describe('times in words', () => {
  it('in English name the month and count 24 hours', () => {
    const { date, time, dateTime, range } = timeTextsOf('Asia/Kolkata');
    expect([date(AT), time(AT), dateTime(AT)]).toEqual(['22 Nov 2026', '08:11', '22 Nov 2026, 08:11']);
    expect(range(AT, LATER).replace(/\s*–\s*/, '–')).toBe('22 Nov 2026, 08:11–08:41');
  });

  it('in French do the same with its words', () => {
    const { date, dateTime } = timeTextsOf('Europe/Paris', 'fr');
    expect([date(AT), dateTime(AT)]).toEqual(['22 nov. 2026', '22 nov. 2026, 03:41']);
  });
});
