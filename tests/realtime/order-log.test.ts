import { io, type Socket } from 'socket.io-client';
import { beforeAll, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import type { Order } from '../../scripts/demo/bodies.ts';
import type { Player } from '../../scripts/demo/player.ts';
import type { OrderEventView } from '../../src/modules/orders/orders.presenter.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  outboxDone,
  pay,
  sendWebhooksTo,
  storedLog,
  takeQuote,
  tryAccepting,
  tryPlacing,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

let bases: [string, string];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi(), startWorker()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

async function connected(person: Person, namespace: string, base: string): Promise<Player> {
  const player = person.at(base);
  await player.connect(namespace);
  return player;
}

/** From quote to ready, and waits until the worker has told everybody. */
async function orderUntilReady(customer: Player): Promise<string> {
  const quote = await takeQuote(customer, restaurant);
  const { body: order } = await tryPlacing(customer, quote.id);
  await pay(order);
  await customer.hearEvent('order.placed', order.id);
  const owner = restaurant.owner.at(bases[0]);
  expect((await tryAccepting(owner, order.id)).status).toBe(200);
  for (const step of ['preparing', 'ready']) await owner.call<Order>('POST', `/orders/${order.id}/${step}`);
  // The delivery may come after the food: then the search begins with it.
  await eventually(async () => {
    expect(await storedLog(order.id)).toContain('delivery.offering');
  });
  await outboxDone(order.id);
  return order.id;
}

it('each event reaches customer and restaurant with its seq, on either API, from the worker, and nobody else', async () => {
  const [person, stranger] = [await newPerson(), await newPerson()];
  const customer = await connected(person, '/customer', bases[0]);
  const elsewhere = await connected(person, '/customer', bases[1]);
  const owner = await connected(restaurant.owner, '/restaurant', bases[1]);
  const outsider = await connected(stranger, '/customer', bases[1]);
  try {
    const orderId = await orderUntilReady(customer);
    const log = (await storedLog(orderId)).map((type, index) => ({ seq: index + 1, type }));
    expect(log.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['order.created', 'payment.captured', 'order.ready', 'delivery.offering']),
    );
    await eventually(() => {
      for (const player of [customer, elsewhere, owner]) expect(player.heardLog(orderId)).toEqual(log);
    });
    expect(outsider.heardLog(orderId)).toEqual([]);
  } finally {
    for (const player of [customer, elsewhere, owner, outsider]) player.disconnect();
  }
});

interface Resumed {
  events: OrderEventView[];
  hasMore: boolean;
}

it('resume brings what events?after= brings, from any seq, to every party', async () => {
  const person = await newPerson();
  const customer = await connected(person, '/customer', bases[0]);
  const orderId = await orderUntilReady(customer);
  customer.disconnect();
  const total = (await storedLog(orderId)).length;

  for (const { who, namespace } of [
    { who: person, namespace: '/customer' },
    { who: restaurant.owner, namespace: '/restaurant' },
  ]) {
    const socket = await open(who, namespace);
    for (const afterSeq of [0, 1, total - 1, total, total + 5]) {
      const resumed = (await socket.timeout(5000).emitWithAck('resume', { orderId, afterSeq })) as Resumed;
      const { body } = await who
        .at(bases[1])
        .call<{ data: OrderEventView[] }>('GET', `/orders/${orderId}/events?after=${afterSeq}`);
      expect(resumed).toEqual({ events: body.data, hasMore: false });
      expect(resumed.events.map(({ seq }) => seq)).toEqual(
        Array.from({ length: Math.max(0, total - afterSeq) }, (_, index) => afterSeq + index + 1),
      );
    }
    socket.disconnect();
  }
});

async function open(person: Person, namespace: string): Promise<Socket> {
  const socket = io(bases[0] + namespace, {
    transports: ['websocket'],
    auth: { token: person.accessToken },
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
