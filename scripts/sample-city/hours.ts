import type { HoursException, OpeningSpan, WeeklySpan } from '../../src/modules/restaurants/opening-hours.ts';
import type { Random } from './random.ts';

const span = (opens: string, closes: string): OpeningSpan => ({ opens, closes });

const PATTERNS = {
  always: [span('00:00', '24:00')],
  standard: [span('11:00', '23:00')],
  early: [span('06:30', '15:30')],
  daytime: [span('08:00', '22:00')],
  split: [span('12:00', '15:00'), span('19:00', '23:00')],
  dinner: [span('18:00', '02:00')],
  night: [span('20:00', '05:00')],
} satisfies Record<string, OpeningSpan[]>;

export type HoursPattern = keyof typeof PATTERNS;

export function everyDay(pattern: HoursPattern): WeeklySpan[] {
  return [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => PATTERNS[pattern].map((one) => ({ weekday, ...one })));
}

export function daily(opens: string, closes: string): WeeklySpan[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));
}

/** Most houses keep ordinary hours; one in six rests on Monday or Tuesday. */
export function someHours(random: Random, isBreakfastHouse: boolean): WeeklySpan[] {
  const usual: HoursPattern[] = ['standard', 'standard', 'standard', 'split', 'split', 'dinner', 'daytime', 'night'];
  const pattern = isBreakfastHouse ? random.pick<HoursPattern>(['early', 'daytime', 'daytime']) : random.pick(usual);
  const restDay = random.chance(1 / 6) ? random.whole(1, 2) : 0;
  return everyDay(pattern).filter(({ weekday }) => weekday !== restDay);
}

const DAY_MS = 86_400_000;
/** Kolkata keeps +05:30 all year. */
const KOLKATA_OFFSET_MS = 5.5 * 3_600_000;

/** Closed from today for as long as a demo database is likely to live, so that "closed today" stays true. */
export function closedForRenovation(now: Date): HoursException[] {
  return Array.from({ length: 60 }, (_, day) => {
    const date = new Date(now.getTime() + KOLKATA_OFFSET_MS + day * DAY_MS).toISOString().slice(0, 10);
    return { date, spans: [], note: 'Closed for renovation' };
  });
}
