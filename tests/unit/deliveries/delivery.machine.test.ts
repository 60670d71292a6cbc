import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BEFORE_ASSIGNMENT,
  BEFORE_PICKUP,
  canTransition,
  CARRYING,
  DELIVERY_STATUSES,
  DELIVERY_TRANSITIONS,
  LIVE,
  transitionOf,
  type DeliveryStatus,
  type DeliveryTransition,
} from '../../../src/modules/deliveries/delivery.machine.ts';

const NAMES = Object.keys(DELIVERY_TRANSITIONS) as DeliveryTransition[];
const EXITS = NAMES.filter((name) => name !== 'create');
const walks = fc.array(fc.constantFrom(...EXITS), { maxLength: 60 });

/** Takes what is legal of the given attempts, as a use case would. */
function walk(attempts: readonly DeliveryTransition[]): { path: DeliveryTransition[]; status: DeliveryStatus } {
  const path: DeliveryTransition[] = ['create'];
  let status = transitionOf('create').to;
  for (const name of attempts) {
    if (!canTransition(name, status)) continue;
    path.push(name);
    status = transitionOf(name).to;
  }
  return { path, status };
}

describe('the delivery machine', () => {
  it('has exactly the edges of domain.md section 2.2, and the way out for food that nobody takes back', () => {
    const edges = EXITS.flatMap((name) => transitionOf(name).from.map((from) => `${from} > ${transitionOf(name).to}`));
    expect(edges.sort()).toEqual(
      [
        'unassigned > offering',
        'offering > assigned',
        'assigned > en_route_to_pickup',
        'en_route_to_pickup > at_pickup',
        'at_pickup > picked_up',
        'picked_up > at_dropoff',
        'at_dropoff > delivered',
        'assigned > unassigned',
        'en_route_to_pickup > unassigned',
        'at_pickup > unassigned',
        'picked_up > failed',
        'at_dropoff > failed',
        'failed > returning',
        'returning > failed',
        'returning > returned',
        'unassigned > cancelled',
        'offering > cancelled',
        'assigned > cancelled',
        'en_route_to_pickup > cancelled',
        'at_pickup > cancelled',
      ].sort(),
    );
  });

  it('names each event after the status it leads to', () => {
    const odd = EXITS.filter((name) => transitionOf(name).event !== `delivery.${transitionOf(name).to}`);
    expect(odd).toEqual([]);
  });

  it('reaches every status, and leaves all but the three ends', () => {
    const ends = DELIVERY_STATUSES.filter((status) => !EXITS.some((name) => canTransition(name, status)));
    expect(ends).toEqual(['delivered', 'returned', 'cancelled']);
    const targets = new Set(NAMES.map((name) => transitionOf(name).to));
    expect([...targets].sort()).toEqual([...DELIVERY_STATUSES].sort());
  });

  it('groups the statuses without overlap', () => {
    expect(LIVE).toEqual([...BEFORE_PICKUP, ...CARRYING]);
    const all = [...BEFORE_ASSIGNMENT, ...LIVE, 'delivered', 'failed', 'returning', 'returned', 'cancelled'];
    expect(all.sort()).toEqual([...DELIVERY_STATUSES].sort());
  });

  it('never has two couriers: between two assignments lies a release', () => {
    fc.assert(
      fc.property(walks, (attempts) => {
        const { path } = walk(attempts);
        const turns = path.filter((name) => name === 'assign' || name === 'release');
        turns.forEach((name, index) => {
          expect(name).toBe(index % 2 === 0 ? 'assign' : 'release');
        });
      }),
    );
  });

  it('delivers only what a restaurant handed over and a courier brought to the door', () => {
    fc.assert(
      fc.property(walks, (attempts) => {
        const { path, status } = walk(attempts);
        if (status !== 'delivered') return;
        expect(path.slice(-3)).toEqual(['pickUp', 'arriveAtDropoff', 'deliver']);
      }),
    );
  });

  it('neither cancels nor gives back what has been picked up', () => {
    fc.assert(
      fc.property(walks, (attempts) => {
        const { path } = walk(attempts);
        const pickedUpAt = path.indexOf('pickUp');
        if (pickedUpAt === -1) return;
        expect(path.slice(pickedUpAt)).not.toContain('cancel');
        expect(path.slice(pickedUpAt)).not.toContain('release');
      }),
    );
  });
});
