import { randomUUID } from 'node:crypto';
import { waitForMail } from '../local-cloud/control-client.ts';
import type { Assignment, Delivery, EventPage, Order, Tracking } from './bodies.ts';
import type { Play } from './play.ts';
import type { Message, Player } from './player.ts';

/** From the restaurant's yes to the door, and the receipt. */
export async function playDelivery(play: Play, orderId: string): Promise<void> {
  await accept(play, orderId);
  const delivery = await findCourier(play, orderId);
  await cook(play, orderId);
  await handOver(play, orderId, delivery);
  await ride(play, orderId, delivery);
  await deliver(play, orderId, delivery);
  await readReceipt(play);
  await compareLogs(play, orderId);
}

async function accept({ restaurant, customer, narrator }: Play, orderId: string): Promise<void> {
  await narrator.step('restaurant', 'accepts', async () => {
    const body = { prepMinutes: 5 };
    const path = `/orders/${orderId}/accept`;
    const answer = await restaurant.call<Order>('POST', path, { body, idempotencyKey: randomUUID() });
    return { call: answer.call, state: `${answer.body.status}, ready in ${body.prepMinutes} minutes`, value: null };
  });
  await narrator.step('worker', 'captures the payment', async () => {
    await customer.hearEvent('payment.captured', orderId);
    return { call: 'socket /customer', state: 'payment.captured', value: null };
  });
}

async function findCourier({ courier, customer, narrator }: Play, orderId: string): Promise<Delivery> {
  const offerId = await narrator.step('courier', 'is offered the job', async () => {
    const { data } = await courier.hear(
      'an offer',
      ({ event, data: offer }) => event === 'offer' && offer['orderId'] === orderId,
    );
    return {
      call: 'socket /courier',
      state: `${String(data['distanceMeters'])} m away, 30 s to decide`,
      value: String(data['offerId']),
    };
  });
  await narrator.step('courier', 'accepts', async () => {
    const answer = await courier.call<Assignment>('POST', `/offers/${offerId}/accept`, {
      idempotencyKey: randomUUID(),
    });
    await customer.hearEvent('delivery.assigned', orderId);
    return { call: answer.call, state: answer.body.status, value: null };
  });
  return narrator.step('courier', 'looks where to go', async () => {
    const answer = await courier.call<Delivery>('GET', '/deliveries/current');
    return { call: answer.call, state: `handover code ${answer.body.handoverCode ?? '–'}`, value: answer.body };
  });
}

async function cook({ restaurant, customer, narrator }: Play, orderId: string): Promise<void> {
  for (const command of ['preparing', 'ready']) {
    await narrator.step('restaurant', `says ${command}`, async () => {
      const answer = await restaurant.call<Order>('POST', `/orders/${orderId}/${command}`);
      await customer.hearEvent(`order.${command}`, orderId);
      return { call: answer.call, state: answer.body.status, value: null };
    });
  }
}

async function handOver({ courier, restaurant, narrator }: Play, orderId: string, delivery: Delivery): Promise<void> {
  await report(courier, narrator, { delivery, type: 'en_route_pickup' });
  await report(courier, narrator, { delivery, type: 'arrived_pickup' });
  await narrator.step('restaurant', 'hands over by code', async () => {
    const body = { code: delivery.handoverCode };
    const answer = await restaurant.call<Order>('POST', `/orders/${orderId}/handover`, { body });
    return { call: answer.call, state: answer.body.status, value: null };
  });
}

async function ride({ courier, customer, narrator }: Play, orderId: string, delivery: Delivery): Promise<void> {
  await narrator.step('courier', 'sends live location', async () => {
    const { call, seen } = await sendUntilSeen(courier, customer, { orderId, at: midway(delivery) });
    return { call, state: `customer sees ${seen}`, value: null };
  });
  await narrator.step('customer', 'looks at the tracking', async () => {
    const answer = await customer.call<Tracking>('GET', `/orders/${orderId}/tracking`);
    const { courier: who, deliveryStatus, deliveryPin } = answer.body;
    if (deliveryPin === null) throw new Error('the customer sees no PIN');
    return {
      call: answer.call,
      state: `${who?.name ?? '?'}: ${deliveryStatus ?? '?'}; PIN shown to the customer`,
      value: null,
    };
  });
}

/** Positions may be lost on the way, as the next one replaces them; so a courier's app goes on sending. */
async function sendUntilSeen(
  courier: Player,
  customer: Player,
  { orderId, at }: { orderId: string; at: { lat: number; lng: number } },
): Promise<{ call: string; seen: string }> {
  for (let tries = 1; ; tries += 1) {
    const body = { fixes: [{ ...at, at: new Date().toISOString() }] };
    const answer = await courier.call('POST', '/couriers/me/locations', { body });
    try {
      const isOurs = ({ event, data }: Message) => event === 'location' && data['orderId'] === orderId;
      await customer.hear('the location', isOurs, 1500);
      return { call: answer.call, seen: `${at.lat.toFixed(4)}, ${at.lng.toFixed(4)}` };
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

async function deliver(play: Play, orderId: string, delivery: Delivery): Promise<void> {
  const { courier, customer, narrator } = play;
  await report(courier, narrator, { delivery, type: 'arrived_dropoff' });
  // The customer says it at the door.
  const { body } = await customer.call<Tracking>('GET', `/orders/${orderId}/tracking`);
  await narrator.step('courier', 'delivers with the PIN', async () => {
    const path = `/deliveries/${delivery.id}/events`;
    const event = { type: 'delivered', pin: body.deliveryPin };
    const answer = await courier.call<Assignment>('POST', path, { body: event, idempotencyKey: randomUUID() });
    await customer.hearEvent('order.delivered', orderId);
    return { call: answer.call, state: answer.body.status, value: null };
  });
}

async function report(
  courier: Player,
  narrator: Play['narrator'],
  { delivery, type }: { delivery: Delivery; type: string },
): Promise<void> {
  await narrator.step('courier', `reports ${type}`, async () => {
    const path = `/deliveries/${delivery.id}/events`;
    const answer = await courier.call<Assignment>('POST', path, { body: { type }, idempotencyKey: randomUUID() });
    return { call: answer.call, state: answer.body.status, value: null };
  });
}

async function readReceipt({ customerEmail, inboxUrl, narrator }: Play): Promise<void> {
  await narrator.step('customer', 'finds the receipt', async () => {
    const mail = await waitForMail(inboxUrl, { to: customerEmail, subject: 'receipt' }, 20_000);
    return { call: 'mail inbox', state: `“${mail.subject}”`, value: null };
  });
}

/** What the socket brought is what the log holds: every seq, once, without a gap. */
async function compareLogs({ customer, narrator }: Play, orderId: string): Promise<void> {
  await narrator.step('customer', 'compares socket and log', async () => {
    const answer = await customer.call<EventPage>('GET', `/orders/${orderId}/events?after=0`);
    const last = answer.body.data.at(-1);
    await customer.hear(
      'the last event',
      ({ event, data }) => event === 'event' && data['seq'] === last?.seq && data['orderId'] === orderId,
    );
    const stored = answer.body.data.map(({ seq, type }) => `${seq} ${type}`);
    const heard = customer.heardLog(orderId).map(({ seq, type }) => `${seq} ${type}`);
    if (heard.join() !== stored.join()) throw new Error(`socket: ${heard.join()}; log: ${stored.join()}`);
    return { call: answer.call, state: `${stored.length} events, the same on both`, value: null };
  });
}

function midway({ pickup, dropoff }: Delivery): { lat: number; lng: number } {
  return {
    lat: (pickup.location.lat + dropoff.location.lat) / 2,
    lng: (pickup.location.lng + dropoff.location.lng) / 2,
  };
}
