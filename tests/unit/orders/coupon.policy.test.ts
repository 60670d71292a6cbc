import { describe, expect, it } from 'vitest';
import { usesCouponUp } from '../../../src/modules/orders/coupon.policy.ts';
import { TERMINAL_STATUSES, type OrderStatus } from '../../../src/modules/orders/order.machine.ts';
import { addMs } from '../../../src/shared/clock.ts';
import { LIABLE_PARTIES, type LiableParty } from '../../../src/shared/liable-party.ts';

const ACCEPTED_AT = new Date('2026-11-20T12:00:00.000Z');

/** Accepted, and ended so many seconds later. */
function ended(status: OrderStatus, liableParty: LiableParty | null, seconds = 600) {
  return usesCouponUp({
    ...{ status, liableParty, acceptedAt: ACCEPTED_AT, readyEta: addMs(ACCEPTED_AT, 1_200_000) },
    endedAt: addMs(ACCEPTED_AT, seconds * 1_000),
  });
}

describe('a coupon', () => {
  it.each(['delivered', 'collected'] as const)(
    'of an order that was %s is used up, whoever is liable for what',
    (status) => {
      for (const party of [...LIABLE_PARTIES, null]) expect(ended(status, party)).toBe(true);
    },
  );

  it.each(['cancelled', 'failed', 'no_show'] as const)(
    'of an order that was accepted and ends as %s is used up by its customer alone',
    (status) => {
      const blamed = LIABLE_PARTIES.filter((party) => ended(status, party));
      expect(blamed).toEqual(['customer']);
    },
  );

  it('comes back to who changes their mind within the minute that is free, and not after it', () => {
    expect([59, 60].map((seconds) => ended('cancelled', 'customer', seconds))).toEqual([false, true]);
  });

  it('comes back from every end before anybody accepted, whoever is to blame', () => {
    for (const status of TERMINAL_STATUSES.filter((end) => end !== 'delivered' && end !== 'collected')) {
      for (const liableParty of [...LIABLE_PARTIES, null]) {
        const unaccepted = { readyEta: null, acceptedAt: null, endedAt: ACCEPTED_AT };
        expect(usesCouponUp({ status, liableParty, ...unaccepted })).toBe(false);
      }
    }
  });

  it('stays with an order that is under way', () => {
    const open = { readyEta: null, acceptedAt: null, endedAt: null, liableParty: null };
    expect(usesCouponUp({ status: 'placed', ...open })).toBe(true);
  });
});
