import {
  canTransition,
  ORDER_TRANSITIONS,
  TERMINAL_STATUSES,
  type OrderStatus,
  type TransitionName,
} from '../../src/modules/orders/order.machine.ts';
import { compareReplay, replayOrder } from '../../src/modules/orders/replay/order-replay.ts';
import type { OrderCase, OrderInvariant } from './types.ts';

const NAMES = Object.keys(ORDER_TRANSITIONS) as TransitionName[];

type Event = OrderCase['events'][0];

/** The log of an order: what happened, in which order, and where it ended. */
export const ORDER_LOG_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'event-seq-without-gap',
    source: 'domain 6, bar I6',
    judge({ order, events }) {
      const seqs = events.map(({ seq }) => seq);
      const gap = seqs.findIndex((seq, index) => seq !== index + 1);
      if (gap !== -1) return [`event ${gap + 1} of its log has seq ${seqs[gap]}`];
      return seqs.length === order.eventSeq
        ? []
        : [`its log has ${seqs.length} events, the order says ${order.eventSeq}`];
    },
  },
  {
    name: 'log-is-legal-path',
    source: 'bar I6',
    judge({ order, events }) {
      let status: OrderStatus | null = null;
      for (const event of moves(events)) {
        const next = follow(status, event);
        if (next === null) return [`event ${event.seq}, ${event.type}, is illegal from ${status ?? 'nothing'}`];
        status = next;
      }
      return status === order.status ? [] : [`its log ends ${status ?? 'nowhere'}, the order is ${order.status}`];
    },
  },
  {
    name: 'version-counts-moves',
    source: 'bar I6',
    judge({ order, events }) {
      const count = moves(events).length;
      return count === order.version ? [] : [`version ${order.version} after ${count} changes of status`];
    },
  },
  {
    name: 'replay-equals-order',
    source: 'domain 6',
    judge({ order, events }) {
      const replayed = replayOrder(events);
      if (replayed === null) return [];
      return compareReplay(order, replayed).map(
        (one) => `${one.field} is ${JSON.stringify(one.stored)}, its log makes it ${JSON.stringify(one.replayed)}`,
      );
    },
  },
  {
    name: 'one-end',
    source: 'bar I6',
    judge({ order, events }) {
      const isOver = TERMINAL_STATUSES.includes(order.status);
      const ends = moves(events).filter(({ data }) => TERMINAL_STATUSES.includes(data['status'] as OrderStatus));
      if (ends.length > 1) return [`it ended ${ends.length} times`];
      return isOver === (order.endedAt !== null)
        ? []
        : [`it is ${order.status} and ${order.endedAt === null ? 'has no time of its end' : 'ended already'}`];
    },
  },
];

function moves(events: readonly Event[]): Event[] {
  return events.filter(({ type, data }) => type.startsWith('order.') && 'status' in data);
}

/** The status after an event that the machine allows here; null: it does not. */
function follow(from: OrderStatus | null, { type, data }: Event): OrderStatus | null {
  const name = NAMES.find((candidate) => {
    const { event, to, from: sources } = ORDER_TRANSITIONS[candidate];
    if (event !== type || to !== data['status']) return false;
    return from === null ? sources.length === 0 : canTransition(candidate, from);
  });
  return name === undefined ? null : ORDER_TRANSITIONS[name].to;
}
