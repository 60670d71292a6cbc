import { DateTime } from 'luxon';
import { Random } from '../random.ts';
import type { Block } from './blocks.ts';

export interface Wish {
  at: Date;
  cityName: string;
  isRaining: boolean;
  isPeak: boolean;
}

interface Place {
  name: string;
  timeZone: string;
  share: number;
}

const BAY: Place = { name: 'Saffron Bay', timeZone: 'Asia/Kolkata', share: 0.94 };
const PORT: Place = { name: 'Port Clement', timeZone: 'Europe/Paris', share: 0.06 };
const WEEKEND = 1.3;
const RAIN = 1.2;
const RAINY_DAYS = 0.15;
/** Of the orders, half and half in the two windows. */
const IN_WINDOWS = 0.7;
const WINDOW_MINUTES = 90;
const PEAKS = [12 * 60 + 30, 20 * 60];
const DAY_FROM = 8 * 60;
const DAY_TO = 23 * 60;
/** An order takes time to end; the last of them has, when the history does. */
const LAST_HOURS = 3;

/**
 * When somebody is hungry, oldest first: a Poisson process with a peak at noon and one in the evening, more on weekends and in the
 * rain (domain.md section 6), given that so many orders came.
 */
export function demandOf(seed: string, block: Block, anchor: Date): Wish[] {
  const random = new Random(seed, 'demand', block.name);
  const places = block.name === 'tiny' ? [{ ...BAY, share: 1 }] : [BAY, PORT];
  const lastMs = anchor.getTime() - LAST_HOURS * 3_600_000;
  const days = daysOf(seed, block, anchor);
  const total = days.reduce((sum, { weight }) => sum + weight, 0);
  const wishes: Wish[] = [];
  while (wishes.length < block.orders) {
    const day = dayAt(days, random.next() * total);
    const place = random.next() < (places[0]?.share ?? 1) ? BAY : PORT;
    const { minute, isPeak } = minuteOf(random);
    const { year, month, day: date } = day.date;
    const local = DateTime.fromObject({ year, month, day: date }, { zone: place.timeZone });
    const at = new Date(local.toMillis() + minute * 60_000 + random.whole(0, 59_999));
    if (at.getTime() > lastMs) continue;
    wishes.push({ at, cityName: place.name, isRaining: day.isRaining, isPeak });
  }
  return wishes.sort((a, b) => a.at.getTime() - b.at.getTime());
}

interface Day {
  date: DateTime;
  isRaining: boolean;
  weight: number;
}

function daysOf(seed: string, { fromDay, toDay }: Block, anchor: Date): Day[] {
  return Array.from({ length: fromDay - toDay }, (_, index) => {
    const ago = fromDay - index - (toDay > 0 ? 0 : 1);
    const date = DateTime.fromJSDate(anchor, { zone: BAY.timeZone }).startOf('day').minus({ days: ago });
    const isRaining = new Random(seed, 'rain', ago).chance(RAINY_DAYS);
    return { date, isRaining, weight: (date.weekday > 5 ? WEEKEND : 1) * (isRaining ? RAIN : 1) };
  });
}

function dayAt(days: readonly Day[], draw: number): Day {
  let left = draw;
  for (const day of days) {
    left -= day.weight;
    if (left < 0) return day;
  }
  const last = days.at(-1);
  if (last === undefined) throw new RangeError('a block has at least one day');
  return last;
}

function minuteOf(random: Random): { minute: number; isPeak: boolean } {
  if (!random.chance(IN_WINDOWS)) return { minute: random.between(DAY_FROM, DAY_TO), isPeak: false };
  const half = WINDOW_MINUTES / 2;
  return { minute: random.pick(PEAKS) + random.between(-half, half), isPeak: true };
}
