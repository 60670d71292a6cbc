import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityOf, type AvailabilitySubject } from '../../../src/modules/restaurants/availability.ts';

const at = (iso: string): Date => new Date(iso);
const location = { lat: 15.2, lng: 73.1 };

/** Open 12:00-15:00 and 19:00-02:00 in Saffron Bay, which is UTC+05:30 all year. */
function restaurant(changes: Partial<AvailabilitySubject> = {}): AvailabilitySubject {
  const spans = [
    { opens: '12:00', closes: '15:00' },
    { opens: '19:00', closes: '02:00' },
  ];
  return {
    status: 'live',
    timeZone: 'Asia/Kolkata',
    hours: [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => spans.map((span) => ({ weekday, ...span }))),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    location,
    modes: ['delivery'],
    deliveryRadiusMeters: 3_000,
    deliveryAreas: [],
    capacity: null,
    ...changes,
  };
}

const LUNCH = at('2026-11-20T07:00:00Z');
const AFTERNOON = at('2026-11-20T10:00:00Z');

describe('availabilityOf by the hours', () => {
  it('is open during a span and says until when', () => {
    expect(availabilityOf(restaurant(), { at: LUNCH })).toEqual({
      isOpen: true,
      reason: null,
      isBusy: false,
      nextOpenAt: null,
      openUntil: at('2026-11-20T09:30:00Z'),
      timeZone: 'Asia/Kolkata',
    });
  });

  it('is closed between two spans and names the next opening', () => {
    const answer = availabilityOf(restaurant(), { at: AFTERNOON });
    expect(answer).toMatchObject({ isOpen: false, reason: 'closed_hours', openUntil: null });
    expect(answer.nextOpenAt).toEqual(at('2026-11-20T13:30:00Z'));
  });

  it('opens at the very second and is closed at the closing second', () => {
    expect(availabilityOf(restaurant(), { at: at('2026-11-20T06:29:59.999Z') }).isOpen).toBe(false);
    expect(availabilityOf(restaurant(), { at: at('2026-11-20T06:30:00.000Z') }).isOpen).toBe(true);
    expect(availabilityOf(restaurant(), { at: at('2026-11-20T20:29:59.999Z') }).isOpen).toBe(true);
    expect(availabilityOf(restaurant(), { at: at('2026-11-20T20:30:00.000Z') }).isOpen).toBe(false);
  });

  it('never names a next opening when it has no hours', () => {
    const answer = availabilityOf(restaurant({ hours: [] }), { at: LUNCH });
    expect(answer).toMatchObject({ isOpen: false, reason: 'closed_hours', nextOpenAt: null });
  });
});

describe('availabilityOf on a date with an exception', () => {
  const closedToday = { exceptions: [{ date: '2026-11-20', spans: [] }] };

  it('is closed by the exception, with the next ordinary opening', () => {
    const answer = availabilityOf(restaurant(closedToday), { at: LUNCH });
    expect(answer).toMatchObject({ isOpen: false, reason: 'closed_exception' });
    expect(answer.nextOpenAt).toEqual(at('2026-11-21T06:30:00Z'));
  });

  it('blames the exception after midnight too, where the cancelled evening would still run', () => {
    expect(availabilityOf(restaurant(closedToday), { at: at('2026-11-20T20:00:00Z') }).reason).toBe('closed_exception');
    expect(availabilityOf(restaurant(closedToday), { at: at('2026-11-20T20:30:00Z') }).reason).toBe('closed_hours');
  });

  it('opens at other hours when the exception has spans', () => {
    const exceptions = [{ date: '2026-11-20', spans: [{ opens: '15:00', closes: '16:00' }] }];
    expect(availabilityOf(restaurant({ exceptions }), { at: AFTERNOON }).isOpen).toBe(true);
  });
});

describe('availabilityOf when paused or busy', () => {
  it('is paused during a span and opens when the pause ends', () => {
    const answer = availabilityOf(restaurant({ pausedUntil: at('2026-11-20T07:20:00Z') }), { at: LUNCH });
    expect(answer).toMatchObject({ isOpen: false, reason: 'paused', openUntil: null });
    expect(answer.nextOpenAt).toEqual(at('2026-11-20T07:20:00Z'));
  });

  it('opens with the next span when the pause outlasts this one', () => {
    const answer = availabilityOf(restaurant({ pausedUntil: at('2026-11-20T10:00:00Z') }), { at: LUNCH });
    expect(answer.nextOpenAt).toEqual(at('2026-11-20T13:30:00Z'));
  });

  it('is closed by its hours, not paused, outside them', () => {
    const answer = availabilityOf(restaurant({ pausedUntil: at('2026-11-20T14:00:00Z') }), { at: AFTERNOON });
    expect(answer).toMatchObject({ reason: 'closed_hours', nextOpenAt: at('2026-11-20T14:00:00Z') });
  });

  it('is open again at the instant at which the pause ends', () => {
    expect(availabilityOf(restaurant({ pausedUntil: LUNCH }), { at: LUNCH }).isOpen).toBe(true);
  });

  it('stays open while busy', () => {
    expect(availabilityOf(restaurant({ busyUntil: AFTERNOON }), { at: LUNCH })).toMatchObject({
      isOpen: true,
      isBusy: true,
    });
  });
});

describe('availabilityOf for an address and a status', () => {
  it('refuses an address just outside the radius and takes one just inside', () => {
    const north = (meters: number): { lat: number; lng: number } => ({
      lat: location.lat + meters / 111_195,
      lng: location.lng,
    });
    expect(availabilityOf(restaurant(), { at: LUNCH, point: north(2_990) }).isOpen).toBe(true);
    expect(availabilityOf(restaurant(), { at: LUNCH, point: north(3_030) })).toMatchObject({
      reason: 'out_of_range',
      nextOpenAt: null,
    });
  });

  it('refuses everything of a restaurant that is not live', () => {
    expect(availabilityOf(restaurant({ status: 'suspended' }), { at: LUNCH })).toMatchObject({
      isOpen: false,
      reason: 'not_live',
      nextOpenAt: null,
    });
  });
});

describe('availabilityOf at any instant', () => {
  it('keeps its promises: open exactly without a reason, and open indeed at nextOpenAt', () => {
    const instant = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z'), noInvalidDate: true });
    const pause = fc.option(fc.integer({ min: 1, max: 72 * 60 }), { nil: null });
    fc.assert(
      fc.property(
        instant,
        pause,
        fc.constantFrom('Europe/Paris', 'Asia/Kolkata', 'Asia/Tokyo'),
        (now, minutes, timeZone) => {
          const pausedUntil = minutes === null ? null : new Date(now.getTime() + minutes * 60_000);
          const subject = restaurant({ timeZone, pausedUntil });
          const answer = availabilityOf(subject, { at: now });
          expect(answer.isOpen).toBe(answer.reason === null);
          expect(answer.isOpen).toBe(answer.nextOpenAt === null);
          if (answer.nextOpenAt === null) return;
          expect(answer.nextOpenAt.getTime()).toBeGreaterThan(now.getTime());
          expect(availabilityOf(subject, { at: answer.nextOpenAt }).isOpen).toBe(true);
          expect(availabilityOf(subject, { at: new Date(answer.nextOpenAt.getTime() - 1) }).isOpen).toBe(false);
        },
      ),
    );
  });
});
