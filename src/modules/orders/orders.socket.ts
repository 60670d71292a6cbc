import { z } from 'zod';
import { publish, registerCommand, registerRooms } from '../../realtime/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import type { OrderMessage } from './order.events.ts';
import { shownTo, typeShownTo, type EventParty } from './order-event.policy.ts';
import { restaurantsWhere } from './order.policy.ts';
import { toEventView } from './orders.presenter.ts';
import { listOrderEventsFor, toOrderViewer } from './orders.queries.ts';

const RESUME_LIMIT = 100;

type Message = Parameters<typeof publish>[0];

const resumeSchema = z.strictObject({
  orderId: z.string().regex(ID_PATTERN),
  afterSeq: z.int().min(0),
});

/** Who hears what: everybody in rooms of their own, made from ownership when the socket opens. */
export function registerOrderSockets(): void {
  registerRooms('/customer', (actor) => Promise.resolve([`customer:${actor.userId}`]));
  registerRooms('/courier', (actor) => Promise.resolve([`courier:${actor.userId}`]));
  registerRooms('/ops', () => Promise.resolve(['ops']));
  registerRooms('/restaurant', async (actor) => {
    const ids = restaurantsWhere(await toOrderViewer(actor), 'order.board');
    return ids.map((id) => `restaurant:${id}`);
  });
  for (const namespace of ['/customer', '/restaurant', '/courier', '/ops'] as const) {
    registerCommand(namespace, {
      name: 'resume',
      schema: resumeSchema,
      run: async ({ orderId, afterSeq }, actor) => {
        const found = await listOrderEventsFor({ orderId, after: afterSeq, limit: RESUME_LIMIT }, actor);
        const events = found.data.map((event) => toEventView(event, found.party));
        return { events, hasMore: found.nextCursor !== null };
      },
    });
  }
}

/**
 * One message of an order's log to its parties, called by the relay: to each what it may see. A client that missed it resumes by seq.
 * The kitchen hears the restaurant's room, too, so nobody reads the bill there.
 */
export function publishOrderMessage(row: OrderMessage): void {
  const { customerId, restaurantId, courierId } = row;
  const send = (namespace: Message['namespace'], room: string, party: EventParty) => {
    publish({ namespace, room, event: 'event', message: toMessage(row, party) });
  };
  send('/customer', `customer:${customerId}`, 'customer');
  send('/restaurant', `restaurant:${restaurantId}`, 'kitchen');
  if (courierId !== null) send('/courier', `courier:${courierId}`, 'courier');
  send('/ops', 'ops', 'office');
}

function toMessage({ orderId, seq, type, at, data, actor }: OrderMessage, party: EventParty) {
  const by = party === 'office' && actor !== undefined ? { actor } : {};
  return { orderId, seq, type: typeShownTo(party, type), at, data: shownTo(party, { type, data }), ...by };
}
