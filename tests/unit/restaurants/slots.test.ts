import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { kitchenSlotAt } from '../../../src/modules/restaurants/kitchen-slots.ts';
import { localDayNumberAt } from '../../../src/modules/restaurants/local-day.ts';
import { slotsOn, type SlotDay, type SlotQuestion } from '../../../src/modules/restaurants/serving/slots.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { buildRestaurant } from '../../factories/restaurant.ts';

const daily = (opens: string, closes: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));
const at = (iso: string): Date => new Date(iso);
const NOON = at('2026-11-20T12:00:00.000Z');

function slotsOf(
  changes: Partial<RestaurantRow>,
  { now, ...question }: SlotQuestion,
  dayOf: Date = now,
): SlotDay & { list: string[] } {
  const restaurant = toRestaurantSnapshot(buildRestaurant({ timeZone: 'UTC', prepMinutes: 20, ...changes }));
  const number = localDayNumberAt(restaurant.timeZone, dayOf.getTime());
  const day = slotsOn(restaurant, number, { now, ...question });
  return {
    ...day,
    list: day.slots.map(({ from, reason }) => `${from.toISOString().slice(11, 16)} ${reason ?? 'free'}`),
  };
}

describe('kitchenSlotAt', () => {
  it('ends with the local date where a change of the clock leaves half a slot', () => {
    // Lord Howe puts its clocks forward by half an hour: this Sunday has 23.5 hours.
    const kitchen = { timeZone: 'Australia/Lord_Howe', capacity: { slotMinutes: 60, maxOrders: 1 } };
    const midnightMs = at('2026-10-04T13:00:00.000Z').getTime();
    expect(kitchenSlotAt(kitchen, midnightMs - 1)).toEqual({ startMs: midnightMs - 1_800_000, endMs: midnightMs });
    expect(kitchenSlotAt(kitchen, midnightMs)).toEqual({ startMs: midnightMs, endMs: midnightMs + 3_600_000 });
  });
});

describe('slotsOn', () => {
  it('has a slot that lies behind the closing, for what is begun before it', () => {
    const { list } = slotsOf(
      { hours: daily('12:00', '12:20'), prepMinutes: 30 },
      { now: at('2026-11-20T10:00:00.000Z') },
    );
    expect(list).toEqual(['12:30 free']);
  });

  it('of a week of ten minutes, behind two hundred closures, takes less than 25 ms of the processor', () => {
    const day = (index: number) => new Date(NOON.getTime() + index * 86_400_000).toISOString().slice(0, 10);
    const restaurant = toRestaurantSnapshot(
      buildRestaurant({
        ...{
          capacity: { slotMinutes: 10, maxOrders: 1 },
          hours: [...daily('00:00', '11:00'), ...daily('12:00', '23:50')],
        },
        exceptions: Array.from({ length: 200 }, (_, index) => ({ date: day(index), spans: [] })),
      }),
    );
    const first = localDayNumberAt(restaurant.timeZone, NOON.getTime());
    const week = () => [0, 1, 2, 3, 4, 5, 6].map((index) => slotsOn(restaurant, first + index, { now: NOON }));
    expect(week().every(({ reason }) => reason === 'closed_exception')).toBe(true);
    const spent = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      week();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...spent)).toBeLessThan(25);
  });

  it('shows a slot that is too far ahead as such, until the time comes', () => {
    const asked = { now: at('2026-11-20T12:05:00Z'), horizonMs: 5 * 86_400_000 };
    const day = slotsOf({ hours: daily('11:00', '13:00') }, asked, at('2026-11-25T12:00:00Z'));
    expect(day.list.slice(0, 4)).toEqual(['11:30 free', '12:00 free', '12:30 too_far_ahead', '13:00 too_far_ahead']);
    expect(day.validUntil).toEqual(at('2026-11-20T12:30:00Z'));
    const later = { ...asked, now: at('2026-11-20T12:30:00Z') };
    expect(slotsOf({ hours: daily('11:00', '13:00') }, later, at('2026-11-25T12:00:00Z')).list).toContain('12:30 free');
  });

  it('is told otherwise by the clock when a slot ends, or its kitchen would have had to begin', () => {
    const { validUntil } = slotsOf({ hours: daily('11:00', '13:00') }, { now: at('2026-11-20T12:05:00Z') });
    expect(validUntil).toEqual(at('2026-11-20T12:10:00.001Z'));
    const later = slotsOf({ hours: daily('11:00', '13:00') }, { now: at('2026-11-20T12:15:00Z') });
    expect(later.validUntil).toEqual(at('2026-11-20T12:30:00.000Z'));
  });

  it('begins the preparation after the opening and ends as much after the closing', () => {
    const { list, reason, date } = slotsOf({ hours: daily('11:00', '13:00') }, { now: at('2026-11-20T08:00:00Z') });
    expect(list).toEqual(['11:30 free', '12:00 free', '12:30 free', '13:00 free']);
    expect({ reason, date }).toEqual({ reason: null, date: '2026-11-20' });
  });

  it('calls too soon what the kitchen would have had to begin before now, and leaves out what has passed', () => {
    const { list } = slotsOf({ hours: daily('11:00', '13:00') }, { now: at('2026-11-20T12:05:00Z') });
    expect(list).toEqual(['12:00 too_soon', '12:30 free', '13:00 free']);
  });

  it('needs more time while the kitchen is busy', () => {
    const busy = { hours: daily('11:00', '13:30'), busyUntil: at('2026-11-20T12:25:00Z'), busyExtraPrepMinutes: 15 };
    expect(slotsOf(busy, { now: NOON }).list).toEqual(['12:00 too_soon', '12:30 too_soon', '13:00 free', '13:30 free']);
  });

  it('shows pauses and full slots by the moment at which the kitchen begins', () => {
    const capacity = { slotMinutes: 30, maxOrders: 2 };
    const paused = { hours: daily('11:00', '14:00'), pausedUntil: at('2026-11-20T12:15:00Z'), capacity };
    const slot = new Map([[at('2026-11-20T12:30:00Z').getTime(), 2]]);
    expect(slotsOf(paused, { now: NOON, slot }).list).toEqual([
      '12:00 too_soon',
      '12:30 paused',
      '13:00 capacity_full',
      '13:30 free',
      '14:00 free',
    ]);
  });

  it.each([
    ['closed_exception', { exceptions: [{ date: '2026-11-20', spans: [] }] }],
    ['closed_hours', { hours: daily('02:00', '03:00') }],
    ['not_live', { status: 'suspended' as const }],
  ])('says %s of a date without slots', (reason, changes) => {
    expect(slotsOf(changes, { now: NOON })).toMatchObject({ reason, slots: [] });
  });

  it('has none on a closed date, unless the evening before runs past midnight', () => {
    const exceptions = [{ date: '2026-11-20', spans: [] }];
    const before = { now: at('2026-11-19T12:00:00Z') };
    const shut = slotsOf({ hours: daily('11:00', '24:00'), exceptions }, before, NOON);
    expect([shut.reason, shut.list]).toEqual(['closed_exception', []]);
    const late = slotsOf({ hours: daily('11:00', '00:30'), exceptions }, before, NOON);
    expect(late.list).toEqual(['00:00 free', '00:30 free']);
  });

  it('says mode_unavailable for a mode that is not offered', () => {
    expect(slotsOf({}, { now: NOON, mode: 'collection' })).toMatchObject({ reason: 'mode_unavailable', slots: [] });
  });

  it.each([
    ['2026-03-29', 46],
    ['2026-10-25', 50],
    ['2026-12-31', 48],
  ])('of %s in Paris, which is as long as the clock makes it, are %i', (date, count) => {
    const open = { timeZone: 'Europe/Paris', hours: daily('00:00', '24:00') };
    const dayBefore = new Date(at(`${date}T12:00:00Z`).getTime() - 86_400_000);
    const { slots } = slotsOf(open, { now: dayBefore }, at(`${date}T12:00:00Z`));
    expect(slots).toHaveLength(count);
  });

  it('are free exactly where availability says so for the moment at which the kitchen begins', () => {
    const asked = fc.record({
      timeZone: fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kolkata'),
      days: fc.integer({ min: 0, max: 730 }),
      closures: fc.uniqueArray(fc.integer({ min: -2, max: 2 })),
      hours: fc.constantFrom(daily('17:00', '02:00'), daily('00:00', '24:00'), daily('09:00', '09:00')),
      limit: fc.constantFrom(null, { slotMinutes: 15, maxOrders: 1 }, { slotMinutes: 60, maxOrders: 3 }),
      prepMinutes: fc.integer({ min: 5, max: 90 }),
    });
    fc.assert(
      fc.property(asked, ({ timeZone, days, closures, hours, limit, prepMinutes }) => {
        const now = new Date(at('2026-01-01T00:00:00Z').getTime() + days * 86_400_000 + 37 * 60_000);
        const dateOf = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
        const exceptions = closures.map((offset) => ({ date: dateOf(offset), spans: [] }));
        const changes = { timeZone, capacity: limit, prepMinutes, hours, exceptions };
        const restaurant = toRestaurantSnapshot(buildRestaurant(changes));
        const number = localDayNumberAt(timeZone, now.getTime());
        for (const slot of slotsOn(restaurant, number, { now }).slots) {
          const begins = new Date(slot.from.getTime() - prepMinutes * 60_000);
          expect(slot.reason === null).toBe(begins >= now && availabilityOf(restaurant, { at: begins }).isOpen);
          if (limit !== null) expect(kitchenSlotAt(restaurant, slot.from.getTime())?.startMs).toBe(slot.from.getTime());
        }
      }),
      { numRuns: 200 },
    );
  });
});
