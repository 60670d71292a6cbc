import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDER_EVENT_TYPES } from '../../../src/modules/orders/order.events.ts';
import {
  canTransition,
  displayStatusOf,
  impliedSteps,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  TERMINAL_STATUSES,
  transitionOf,
  type OrderStatus,
  type TransitionName,
} from '../../../src/modules/orders/order.machine.ts';

const NAMES = Object.keys(ORDER_TRANSITIONS) as TransitionName[];
const CREATIONS: readonly TransitionName[] = ['O1', 'O2'];
const EXITS = NAMES.filter((name) => !CREATIONS.includes(name));
const walks = fc.record({
  creation: fc.constantFrom(...CREATIONS),
  attempts: fc.array(fc.constantFrom(...EXITS), { maxLength: 60 }),
});

/** Takes what is legal of the given attempts, as a use case would; every status on the way. */
function walk(creation: TransitionName, attempts: readonly TransitionName[]) {
  const statuses: OrderStatus[] = [transitionOf(creation).to];
  const path: TransitionName[] = [creation];
  for (const name of attempts) {
    const current = statuses.at(-1);
    if (current === undefined || !canTransition(name, current)) continue;
    path.push(name);
    statuses.push(transitionOf(name).to);
  }
  return { path, statuses, last: statuses.at(-1) ?? 'pending_payment' };
}

/** Whether a walk of any length leads from one to a status in `to`. */
function canReach(from: OrderStatus, to: readonly OrderStatus[]): boolean {
  const seen = new Set<OrderStatus>([from]);
  for (const status of seen) {
    for (const name of EXITS) if (canTransition(name, status)) seen.add(transitionOf(name).to);
  }
  return to.some((status) => seen.has(status));
}

describe('the order machine', () => {
  it('has exactly the transitions of domain.md section 2.2', () => {
    const open = 'pending_payment, scheduled, placed, accepted, preparing, ready, picked_up';
    const rows = NAMES.map((name) => {
      const { from, to, event } = transitionOf(name);
      return `${name} ${from.join(', ')} > ${to} as ${event}`;
    });
    expect(rows).toEqual([
      'O1  > pending_payment as order.created',
      'O2  > placed as order.placed',
      'O3 pending_payment > placed as order.placed',
      'O4 pending_payment > scheduled as order.scheduled',
      'O5 scheduled > placed as order.released',
      'O6 pending_payment > expired as order.payment_expired',
      'O7 placed > accepted as order.accepted',
      'O8 placed, scheduled > rejected as order.rejected',
      'O9 placed > expired as order.accept_expired',
      'O10 accepted > preparing as order.preparing',
      'O11 accepted, preparing > ready as order.ready',
      'O12 accepted, preparing, ready > picked_up as order.picked_up',
      'O13 picked_up > delivered as order.delivered',
      'O14 ready > collected as order.collected',
      'O15 ready > no_show as order.no_show',
      'O16 pending_payment, scheduled, placed > cancelled as order.cancelled',
      'O17 accepted > cancelled as order.cancelled',
      'O18 accepted, preparing, ready > cancelled as order.cancelled',
      `O19 ${open} > cancelled as order.cancelled`,
      'O20 picked_up > failed as order.failed',
    ]);
  });

  it('names the actors of domain.md section 2.2', () => {
    const actors = Object.fromEntries(NAMES.map((name) => [name, transitionOf(name).actors.join(', ')]));
    expect(actors).toEqual({
      ...{ O1: 'customer', O2: 'customer', O3: 'system', O4: 'system', O5: 'system', O6: 'system' },
      ...{ O7: 'restaurant, system', O8: 'restaurant', O9: 'system', O10: 'restaurant, system' },
      ...{ O11: 'restaurant', O12: 'restaurant', O13: 'courier', O14: 'restaurant', O15: 'restaurant, system' },
      ...{
        O16: 'customer',
        O17: 'customer',
        O18: 'restaurant',
        O19: 'support, admin, system',
        O20: 'courier, support, admin',
      },
    });
  });

  it('names only events that the log knows', () => {
    const unknown = NAMES.map((name) => transitionOf(name).event).filter((event) => !ORDER_EVENT_TYPES.includes(event));
    expect(unknown).toEqual([]);
  });

  it('leaves no ended order, and every other', () => {
    const ends = ORDER_STATUSES.filter((status) => !EXITS.some((name) => canTransition(name, status)));
    expect(ends.toSorted()).toEqual([...TERMINAL_STATUSES].toSorted());
    expect([...TERMINAL_STATUSES].toSorted()).toEqual(
      ['delivered', 'collected', 'rejected', 'expired', 'cancelled', 'failed', 'no_show'].toSorted(),
    );
  });

  it('reaches every status from a creation', () => {
    const unreachable = ORDER_STATUSES.filter(
      (status) => !CREATIONS.some((name) => canReach(transitionOf(name).to, [status])),
    );
    expect(unreachable).toEqual([]);
  });

  it('every walk ends, or can go on to an end', () => {
    fc.assert(
      fc.property(walks, ({ creation, attempts }) => {
        const { last, statuses } = walk(creation, attempts);
        expect(canReach(last, TERMINAL_STATUSES)).toBe(true);
        const firstEnd = statuses.findIndex((status) => TERMINAL_STATUSES.includes(status));
        if (firstEnd !== -1) expect(firstEnd).toBe(statuses.length - 1);
      }),
    );
  });

  it('never comes back to a status', () => {
    fc.assert(
      fc.property(walks, ({ creation, attempts }) => {
        const { statuses } = walk(creation, attempts);
        expect(new Set(statuses).size).toBe(statuses.length);
      }),
    );
  });

  it('cooks only what was placed, and delivers only what was accepted and picked up', () => {
    fc.assert(
      fc.property(walks, ({ creation, attempts }) => {
        const { statuses, last } = walk(creation, attempts);
        if (statuses.includes('accepted')) expect(statuses.slice(0, statuses.indexOf('accepted'))).toContain('placed');
        if (last === 'delivered') {
          expect(statuses).toContain('accepted');
          expect(statuses.at(-2)).toBe('picked_up');
        }
      }),
    );
  });

  it('lets no customer cancel free of charge once the restaurant has accepted', () => {
    const later = ORDER_STATUSES.filter((status) => canTransition('O16', status));
    expect(later).toEqual(['pending_payment', 'scheduled', 'placed']);
  });
});

describe('impliedSteps', () => {
  it.each(ORDER_STATUSES)('completes the legal path of a hand-over of an order that is %s', (status) => {
    let current: OrderStatus = status;
    for (const step of impliedSteps(status)) {
      expect(canTransition(step, current)).toBe(true);
      current = transitionOf(step).to;
    }
    // From the kitchen every step is there; elsewhere nothing is invented.
    if (canTransition('O12', status)) expect(current).toBe('ready');
    else expect(current).toBe(status);
  });
});

describe('displayStatusOf', () => {
  it.each([
    ['picked_up', 'picked_up', 'on_the_way'],
    ['picked_up', 'at_dropoff', 'arriving'],
    ['picked_up', null, 'on_the_way'],
    ['ready', null, 'waiting_for_courier'],
    ['ready', 'assigned', 'waiting_for_courier'],
    ['ready', 'at_pickup', 'ready'],
  ] as const)('of %s with delivery %s is %s', (status, deliveryStatus, display) => {
    expect(displayStatusOf({ status, deliveryStatus, mode: 'delivery' })).toBe(display);
  });

  it.each(ORDER_STATUSES.filter((status) => status !== 'picked_up' && status !== 'ready'))(
    'of %s is the status itself, whatever the courier does',
    (status) => {
      for (const deliveryStatus of [null, 'assigned', 'at_pickup', 'at_dropoff']) {
        expect(displayStatusOf({ status, deliveryStatus, mode: 'delivery' })).toBe(status);
      }
    },
  );
});
