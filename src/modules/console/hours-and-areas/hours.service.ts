import { AppError } from '../../../errors/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { dateFrom, now } from '../../../shared/clock.ts';
import {
  changeRestaurant,
  localDateOf,
  toRestaurantSnapshot,
  type RestaurantSnapshot,
  type WeeklySpan,
} from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';

interface Edit {
  restaurantId: string;
  expectedVersion: number;
}

interface Closure {
  date: string;
  through?: string | undefined;
  spans: { opens: string; closes: string }[];
  note?: string | undefined;
}

/** Dates; each is looked at whenever somebody asks when it opens. */
const MAX_CLOSURES = 100;
const MAX_DAYS_AHEAD = 730;
const DAY_MS = 86_400_000;

/** @throws AppError `not_found`, `forbidden`, `version_conflict` */
export async function setHours(
  { hours, ...target }: Edit & { hours: WeeklySpan[] },
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(target.restaurantId, userId, 'restaurant.edit');
  const sorted = hours.toSorted((a, b) => a.weekday - b.weekday || (a.opens < b.opens ? -1 : 1));
  const { after } = await withTransaction((tx) => changeRestaurant(tx, target, () => ({ hours: sorted })));
  return toRestaurantSnapshot(after);
}

/** @throws AppError `not_found`, `forbidden`, `version_conflict`, `validation_failed`, `already_exists`, `list_full` */
export async function addClosure(
  { restaurantId, expectedVersion, ...closure }: Edit & Closure,
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(restaurantId, userId, 'restaurant.edit');
  const { spans, note } = closure;
  const { after } = await withTransaction((tx) =>
    changeRestaurant(tx, { restaurantId, expectedVersion }, ({ timeZone, exceptions }) => {
      const today = localDateOf(now().getTime(), timeZone);
      const kept = exceptions.filter(({ date }) => date >= today);
      const dates = datesOf(closure, today);
      const taken = dates.filter((date) => kept.some((exception) => exception.date === date));
      if (taken.length > 0) throw alreadyClosed(taken);
      if (kept.length + dates.length > MAX_CLOSURES) throw new AppError('list_full');
      const added = dates.map((date) => ({ date, spans, ...(note === undefined ? {} : { note }) }));
      return { exceptions: [...kept, ...added].sort((a, b) => (a.date < b.date ? -1 : 1)) };
    }),
  );
  return toRestaurantSnapshot(after);
}

/** @throws AppError `not_found`, also where the date has none; `forbidden`, `version_conflict` */
export async function removeClosure(
  { restaurantId, expectedVersion, date: wanted }: Edit & { date: string },
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(restaurantId, userId, 'restaurant.edit');
  const { after } = await withTransaction((tx) =>
    changeRestaurant(tx, { restaurantId, expectedVersion }, ({ timeZone, exceptions }) => {
      const today = localDateOf(now().getTime(), timeZone);
      if (!exceptions.some(({ date }) => date === wanted)) throw new AppError('not_found');
      return { exceptions: exceptions.filter(({ date }) => date >= today && date !== wanted) };
    }),
  );
  return toRestaurantSnapshot(after);
}

/** @throws AppError `validation_failed` */
function datesOf({ date, through = date }: Closure, today: string): string[] {
  if (date < today) throw outOfBounds('date', 'must not be past, by the calendar of the restaurant');
  if (msOf(through) - msOf(today) > MAX_DAYS_AHEAD * DAY_MS) {
    throw outOfBounds('through', `must lie within ${MAX_DAYS_AHEAD} days`);
  }
  const count = Math.round((msOf(through) - msOf(date)) / DAY_MS) + 1;
  if (count > MAX_CLOSURES) throw new AppError('list_full');
  return Array.from({ length: count }, (_, index) =>
    dateFrom(msOf(date) + index * DAY_MS)
      .toISOString()
      .slice(0, 10),
  );
}

function msOf(date: string): number {
  return dateFrom(`${date}T00:00:00Z`).getTime();
}

function outOfBounds(path: string, message: string): AppError<'validation_failed'> {
  return new AppError('validation_failed', { details: [{ path, code: 'out_of_bounds', message }] });
}

function alreadyClosed(dates: readonly string[]): AppError<'already_exists'> {
  const message = `There is an entry for ${dates.slice(0, 5).join(', ')} already.`;
  return new AppError('already_exists', { details: [{ path: 'date', code: 'already_exists', message }] });
}
