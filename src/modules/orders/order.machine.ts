/** The order machine of domain.md section 2.2 as a table. Pure. */
import type { OrderEventType } from './order.events.ts';

export const ORDER_STATUSES = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'delivered',
  'collected',
  'no_show',
  'rejected',
  'expired',
  'cancelled',
  'failed',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const TERMINAL_STATUSES: readonly OrderStatus[] = [
  'delivered',
  'collected',
  'no_show',
  'rejected',
  'expired',
  'cancelled',
  'failed',
];

/** The reason of a kitchen that has less than its counts say. */
export const SOLD_OUT = 'item_sold_out';

type TransitionActor = 'customer' | 'restaurant' | 'courier' | 'support' | 'admin' | 'system';

interface Transition {
  from: readonly OrderStatus[];
  to: OrderStatus;
  event: OrderEventType;
  actors: readonly TransitionActor[];
}

export const OPEN_STATUSES: readonly OrderStatus[] = ORDER_STATUSES.filter(
  (status) => !TERMINAL_STATUSES.includes(status),
);

/**
 * Keyed by the numbers of domain.md. The creations (O1, O2) have no `from`. Every legal change of an order's status stands here
 * and nowhere else; a transition that no use case takes yet is legal all the same.
 */
export const ORDER_TRANSITIONS = {
  O1: { from: [], to: 'pending_payment', event: 'order.created', actors: ['customer'] },
  O2: { from: [], to: 'placed', event: 'order.placed', actors: ['customer'] },
  O3: { from: ['pending_payment'], to: 'placed', event: 'order.placed', actors: ['system'] },
  O4: { from: ['pending_payment'], to: 'scheduled', event: 'order.scheduled', actors: ['system'] },
  O5: { from: ['scheduled'], to: 'placed', event: 'order.released', actors: ['system'] },
  O6: { from: ['pending_payment'], to: 'expired', event: 'order.payment_expired', actors: ['system'] },
  O7: { from: ['placed'], to: 'accepted', event: 'order.accepted', actors: ['restaurant', 'system'] },
  O8: { from: ['placed', 'scheduled'], to: 'rejected', event: 'order.rejected', actors: ['restaurant'] },
  O9: { from: ['placed'], to: 'expired', event: 'order.accept_expired', actors: ['system'] },
  O10: { from: ['accepted'], to: 'preparing', event: 'order.preparing', actors: ['restaurant', 'system'] },
  O11: { from: ['accepted', 'preparing'], to: 'ready', event: 'order.ready', actors: ['restaurant'] },
  O12: { from: ['accepted', 'preparing', 'ready'], to: 'picked_up', event: 'order.picked_up', actors: ['restaurant'] },
  O13: { from: ['picked_up'], to: 'delivered', event: 'order.delivered', actors: ['courier'] },
  O14: { from: ['ready'], to: 'collected', event: 'order.collected', actors: ['restaurant'] },
  O15: { from: ['ready'], to: 'no_show', event: 'order.no_show', actors: ['restaurant', 'system'] },
  O16: {
    from: ['pending_payment', 'scheduled', 'placed'],
    to: 'cancelled',
    event: 'order.cancelled',
    actors: ['customer'],
  },
  O17: { from: ['accepted'], to: 'cancelled', event: 'order.cancelled', actors: ['customer'] },
  O18: { from: ['accepted', 'preparing', 'ready'], to: 'cancelled', event: 'order.cancelled', actors: ['restaurant'] },
  O19: { from: OPEN_STATUSES, to: 'cancelled', event: 'order.cancelled', actors: ['support', 'admin', 'system'] },
  O20: { from: ['picked_up'], to: 'failed', event: 'order.failed', actors: ['courier', 'support', 'admin'] },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof ORDER_TRANSITIONS;

export function transitionOf(name: TransitionName): Transition {
  return ORDER_TRANSITIONS[name];
}

export function canTransition(name: TransitionName, status: OrderStatus): boolean {
  return transitionOf(name).from.includes(status);
}

/**
 * Steps that a hurried restaurant left out before a hand-over (O12): they are written as implied events, so that the log of an
 * order is always a legal path.
 */
export function impliedSteps(status: OrderStatus): TransitionName[] {
  if (status === 'accepted') return ['O10', 'O11'];
  return status === 'preparing' ? ['O11'] : [];
}

interface DisplayedOrder {
  status: OrderStatus;
  deliveryStatus: string | null;
  mode: 'delivery' | 'collection';
}

/** What a customer reads on the screen: one word out of three machines. */
export function displayStatusOf({ status, deliveryStatus, mode }: DisplayedOrder): string {
  if (mode === 'collection') return status === 'ready' ? 'ready_to_collect' : status;
  if (status === 'picked_up') return deliveryStatus === 'at_dropoff' ? 'arriving' : 'on_the_way';
  if (status === 'ready' && deliveryStatus !== 'at_pickup') return 'waiting_for_courier';
  return status;
}
