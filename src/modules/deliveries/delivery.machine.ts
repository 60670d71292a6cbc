/** The delivery machine of domain.md section 2.2 as a table. Pure. */

export const DELIVERY_STATUSES = [
  'unassigned',
  'offering',
  'assigned',
  'en_route_to_pickup',
  'at_pickup',
  'picked_up',
  'at_dropoff',
  'delivered',
  'failed',
  'returning',
  'returned',
  'cancelled',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

type TransitionActor = 'customer' | 'restaurant' | 'courier' | 'support' | 'admin' | 'system';

interface Transition {
  from: readonly DeliveryStatus[];
  to: DeliveryStatus;
  event: `delivery.${string}`;
  actors: readonly TransitionActor[];
}

/** Nobody has taken it yet. */
export const BEFORE_ASSIGNMENT: readonly DeliveryStatus[] = ['unassigned', 'offering'];
/** A courier has taken it, and the food is still in the kitchen. */
export const BEFORE_PICKUP: readonly DeliveryStatus[] = ['assigned', 'en_route_to_pickup', 'at_pickup'];
/** The courier has the food. */
export const CARRYING: readonly DeliveryStatus[] = ['picked_up', 'at_dropoff'];
/** It found nobody, whatever became of it. */
export const HAS_FAILED: readonly DeliveryStatus[] = ['failed', 'returning', 'returned'];
/** A courier is at work on it: the only time at which a position is anybody's business. */
export const LIVE: readonly DeliveryStatus[] = [...BEFORE_PICKUP, ...CARRYING];

/**
 * Every legal change of a delivery's status stands here and nowhere else.
 */
export const DELIVERY_TRANSITIONS = {
  create: { from: [], to: 'unassigned', event: 'delivery.created', actors: ['system'] },
  startOffers: { from: ['unassigned'], to: 'offering', event: 'delivery.offering', actors: ['system'] },
  assign: { from: ['offering'], to: 'assigned', event: 'delivery.assigned', actors: ['courier', 'support', 'admin'] },
  setOut: { from: ['assigned'], to: 'en_route_to_pickup', event: 'delivery.en_route_to_pickup', actors: ['courier'] },
  arriveAtPickup: { from: ['en_route_to_pickup'], to: 'at_pickup', event: 'delivery.at_pickup', actors: ['courier'] },
  pickUp: { from: ['at_pickup'], to: 'picked_up', event: 'delivery.picked_up', actors: ['restaurant'] },
  arriveAtDropoff: { from: ['picked_up'], to: 'at_dropoff', event: 'delivery.at_dropoff', actors: ['courier'] },
  deliver: { from: ['at_dropoff'], to: 'delivered', event: 'delivery.delivered', actors: ['courier'] },
  release: {
    from: BEFORE_PICKUP,
    to: 'unassigned',
    event: 'delivery.unassigned',
    actors: ['courier', 'support', 'admin', 'system'],
  },
  cancel: {
    from: [...BEFORE_ASSIGNMENT, ...BEFORE_PICKUP],
    to: 'cancelled',
    event: 'delivery.cancelled',
    actors: ['system'],
  },
  fail: { from: CARRYING, to: 'failed', event: 'delivery.failed', actors: ['courier', 'support', 'admin', 'system'] },
  startReturn: {
    from: ['failed'],
    to: 'returning',
    event: 'delivery.returning',
    actors: ['courier', 'support', 'admin', 'system'],
  },
  giveUpReturn: { from: ['returning'], to: 'failed', event: 'delivery.failed', actors: ['support', 'admin'] },
  return: { from: ['returning'], to: 'returned', event: 'delivery.returned', actors: ['restaurant'] },
} as const satisfies Record<string, Transition>;

export type DeliveryTransition = keyof typeof DELIVERY_TRANSITIONS;

export function transitionOf(name: DeliveryTransition): Transition {
  return DELIVERY_TRANSITIONS[name];
}

export function canTransition(name: DeliveryTransition, status: DeliveryStatus): boolean {
  return transitionOf(name).from.includes(status);
}
