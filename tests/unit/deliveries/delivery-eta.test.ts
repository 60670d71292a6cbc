import { describe, expect, it } from 'vitest';
import { estimateArrival, type EtaInput } from '../../../src/modules/deliveries/delivery-eta.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';

const NOON = dateFrom('2026-11-20T12:00:00.000Z');
const MINUTE = 60_000;
const PICKUP = { lat: 15.2, lng: 73.1 };
const DROPOFF = { lat: 15.22, lng: 73.1 };

function minutesFor(changes: Partial<EtaInput>): number | null {
  const eta = estimateArrival({
    at: NOON,
    status: 'assigned',
    readyEta: NOON,
    pickup: PICKUP,
    dropoff: DROPOFF,
    tripMeters: 2_800,
    courier: PICKUP,
    ...changes,
  });
  return eta === null ? null : (eta.from.getTime() - NOON.getTime()) / MINUTE;
}

describe('estimateArrival', () => {
  it('waits for the kitchen where the courier would be there first', () => {
    // 20 minutes of cooking, 10 of riding, 3 at the door.
    expect(minutesFor({ readyEta: addMs(NOON, 20 * MINUTE) })).toBe(33);
  });

  it('waits for the courier where the food would be ready first', () => {
    // About 2.2 km as the crow flies, 3 km by road.
    expect(minutesFor({ courier: DROPOFF })).toBeCloseTo(10.7 + 13, 0);
  });

  it('adds the search and a typical way while nobody has taken it', () => {
    expect(minutesFor({ status: 'offering', courier: null })).toBe(3 + 5 + 13);
  });

  it('goes by the position of the courier once the food is on its way', () => {
    expect(minutesFor({ status: 'picked_up', courier: DROPOFF })).toBe(3);
    expect(minutesFor({ status: 'picked_up', courier: null })).toBe(13);
    expect(minutesFor({ status: 'at_dropoff' })).toBe(0);
  });

  it('has a window that ends after it begins', () => {
    const eta = estimateArrival({
      ...{ at: NOON, status: 'at_pickup', readyEta: NOON, pickup: PICKUP },
      ...{ dropoff: DROPOFF, tripMeters: 0, courier: null },
    });
    expect(eta?.to.getTime()).toBeGreaterThan(eta?.from.getTime() ?? 0);
  });

  it('is silent once nobody is on the way', () => {
    for (const status of ['delivered', 'cancelled', 'failed', 'returning', 'returned'] as const) {
      expect(minutesFor({ status })).toBeNull();
    }
  });
});
