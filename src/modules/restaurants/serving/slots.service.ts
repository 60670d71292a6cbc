import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { dateFrom, now } from '../../../shared/clock.ts';
import { findSlotCounts } from '../kitchen-slots.service.ts';
import { localDay, localDayNumberAt } from '../local-day.ts';
import type { OrderMode } from '../restaurant.model.ts';
import { FORESEEN_DAYS, getKnownRestaurant } from '../restaurants.service.ts';
import { slotsOn, type SlotDay } from './slots.ts';

export interface SlotsInput {
  restaurantId: string;
  /** One local date of the restaurant; without it `days` dates from today on. */
  date?: string | undefined;
  days: number;
  mode?: OrderMode | undefined;
}

export interface SlotList {
  timeZone: string;
  mode: OrderMode | null;
  days: SlotDay[];
  /** When the clock alone makes it another list. */
  validUntil: Date | null;
}

/** @throws AppError `not_found`; `validation_failed` for a date that is past or too far ahead */
export async function listSlots({ restaurantId, date, days, mode }: SlotsInput): Promise<SlotList> {
  const restaurant = await getKnownRestaurant(restaurantId);
  const { timeZone } = restaurant;
  const at = now();
  const today = localDayNumberAt(timeZone, at.getTime());
  const first = date === undefined ? today : dayNumberOf(date);
  assertForeseen(first - today);
  const count = date === undefined ? days : 1;
  const slot = await findSlotCounts(restaurant, dateFrom(localDay(timeZone, first).startMs));
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  const question = { mode, slot, now: at, horizonMs: config.orders.slotHorizonMs };
  const dates = numbers.map((number) => slotsOn(restaurant, number, question));
  const turns = dates.flatMap(({ validUntil }) => validUntil?.getTime() ?? []);
  return {
    timeZone,
    mode: mode ?? null,
    days: dates,
    validUntil: turns.length === 0 ? null : dateFrom(Math.min(...turns)),
  };
}

/** Days since 1970 by the calendar, as `localDay` counts them. */
function dayNumberOf(date: string): number {
  return dateFrom(`${date}T00:00:00Z`).getTime() / 86_400_000;
}

function assertForeseen(daysAhead: number): void {
  if (daysAhead >= 0 && daysAhead <= FORESEEN_DAYS) return;
  const message = `must be today or within ${FORESEEN_DAYS} days, by the restaurant's calendar`;
  throw new AppError('validation_failed', { details: [{ path: 'query.date', code: 'out_of_bounds', message }] });
}
