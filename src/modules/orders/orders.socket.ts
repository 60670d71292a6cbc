import { z } from 'zod';
import { publish, registerCommand, registerRooms } from '../../realtime/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import type { OrderMessage } from './order.events.ts';
import { restaurantsWhere } from './order.policy.ts';
import { toEventView } from './orders.presenter.ts';
import { listOrderEventsFor, toOrderViewer } from './orders.queries.ts';

const RESUME_LIMIT = 100;

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
        const events = await listOrderEventsFor({ orderId, after: afterSeq, limit: RESUME_LIMIT }, actor);
        return { events: events.data.map(toEventView), hasMore: events.nextCursor !== null };
      },
    });
  }
}

/**
 * One message of an order's log to its parties, called by the relay. A client that missed it resumes by seq. The kitchen hears the
 * restaurant's room, too, so the log holds no sums of money.
 */
export function publishOrderMessage(row: OrderMessage): void {
  const { orderId, seq, type, at, data } = row;
  const message = { orderId, seq, type, at, data };
  publish({ namespace: '/customer', room: `customer:${row.customerId}`, event: 'event', message });
  publish({ namespace: '/restaurant', room: `restaurant:${row.restaurantId}`, event: 'event', message });
  if (row.courierId !== null) {
    publish({ namespace: '/courier', room: `courier:${row.courierId}`, event: 'event', message });
  }
  publish({ namespace: '/ops', room: 'ops', event: 'event', message });
}
