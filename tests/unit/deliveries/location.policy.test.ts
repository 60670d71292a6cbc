import { describe, expect, it } from 'vitest';
import { BEFORE_PICKUP, CARRYING, DELIVERY_STATUSES } from '../../../src/modules/deliveries/delivery.machine.ts';
import { shareableLocation } from '../../../src/modules/deliveries/location.policy.ts';
import { greatCircleMeters } from '../../../src/shared/geo.ts';

const PLACE = { lat: 15.200_37, lng: 73.100_49 };

describe('shareableLocation', () => {
  it.each(CARRYING)('shows the place itself while %s', (status) => {
    expect(shareableLocation(status, PLACE)).toEqual(PLACE);
  });

  it.each(BEFORE_PICKUP)('shows the neighbourhood only while %s', (status) => {
    const shown = shareableLocation(status, PLACE);
    expect(shown).toEqual({ lat: 15.2, lng: 73.1 });
    expect(greatCircleMeters(PLACE, shown ?? PLACE)).toBeGreaterThan(10);
  });

  it('shows nothing in any other status', () => {
    const others = DELIVERY_STATUSES.filter((status) => ![...BEFORE_PICKUP, ...CARRYING].includes(status));
    expect(others.map((status) => shareableLocation(status, PLACE))).toEqual(others.map(() => null));
  });
});
