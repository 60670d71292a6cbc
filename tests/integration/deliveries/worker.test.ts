import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { appendOrderEvent } from '../../../src/modules/orders/index.ts';
import { markOrderReady } from '../../../src/modules/orders/orders.service.ts';
import { now } from '../../../src/shared/clock.ts';
import { createCourier } from '../../factories/courier.ts';
import { createAcceptedOrder, createDeliveryAtDropoff, ownerActor } from '../../factories/delivery.ts';
import { emptyAllCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

let app: TestApp;
const sockets: Socket[] = [];

beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await emptyAllCollections();
});
afterAll(() => app.stop());

async function connect(namespace: string, { accessToken }: Login): Promise<Socket> {
  const socket = io(`${app.url}${namespace}`, {
    transports: ['websocket'],
    auth: { token: accessToken },
    forceNew: true,
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

function statusOf(orderId: string): Promise<string | undefined> {
  return deliveries()
    .findOne({ orderId })
    .then((delivery) => delivery?.status);
}

describe('with the worker running', () => {
  it('an accepted order becomes an offer on the socket of a courier nearby, and of nobody else', async () => {
    const [near, far] = await Promise.all([logInAs({ roles: ['courier'] }), logInAs({ roles: ['courier'] })]);
    await createCourier({ _id: near.userId });
    await createCourier({ _id: far.userId, isOnline: false });
    const [nearSocket, farSocket] = await Promise.all([connect('/courier', near), connect('/courier', far)]);
    const heardFar = vi.fn();
    farSocket.on('offer', heardFar);
    const offered = next(nearSocket, 'offer');
    const { _id: orderId } = await createAcceptedOrder();
    expect(await offered).toMatchObject({ courierId: near.userId, orderId, pickup: { name: 'Pepper House' } });
    expect(heardFar).not.toHaveBeenCalled();
    await eventually(async () => {
      expect(await OutboxModel.countDocuments({ event: 'offer.created', doneAt: null })).toBe(0);
    });
  });

  it('food that is ready early is offered at once', async () => {
    const order = await createAcceptedOrder({}, { prepMinutes: 60 });
    await eventually(async () => {
      expect(await statusOf(order._id)).toBe('unassigned');
    });
    await markOrderReady(order._id, ownerActor(order));
    await eventually(async () => {
      expect(await statusOf(order._id)).toBe('offering');
    });
  });

  it('an order that ends takes its delivery with it', async () => {
    const { _id: orderId } = await createAcceptedOrder();
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('offering');
    });
    const cancelled = {
      ...{ orderId, type: 'order.cancelled' as const, data: {}, set: { status: 'cancelled' as const } },
      actor: { role: 'system' as const, id: null },
    };
    await withTransaction((tx) => appendOrderEvent(tx, cancelled));
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('cancelled');
    });
  });

  it('the customer sees the courier move, and a stranger does not', async () => {
    const [customer, stranger, courier] = await Promise.all([logInAs(), logInAs(), logInAs({ roles: ['courier'] })]);
    const { delivery } = await createDeliveryAtDropoff({ customerId: customer.userId }, { _id: courier.userId });
    const [socket, other] = await Promise.all([connect('/customer', customer), connect('/customer', stranger)]);
    const heardOther = vi.fn();
    other.on('location', heardOther);
    const heard = vi.fn();
    socket.on('location', heard);
    const place = { lat: 15.19, lng: 73.11 };
    // A position may be lost on a busy socket, and the next one replaces it: the courier's phone goes on sending.
    await vi.waitFor(
      async () => {
        const body = { fixes: [{ ...place, at: now().toISOString() }] };
        await app.request.post('/api/v1/couriers/me/locations').set(courier.headers).send(body).expect(202);
        expect(heard).toHaveBeenCalled();
      },
      { timeout: 15_000, interval: 300 },
    );
    expect(heard.mock.calls[0]).toMatchObject([{ orderId: delivery.orderId, location: place }]);
    expect(heardOther).not.toHaveBeenCalled();
  });
});
