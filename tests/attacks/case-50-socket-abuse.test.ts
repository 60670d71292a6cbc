import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { config } from '../../src/config/index.ts';
import { setClock } from '../../src/shared/clock.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { placeOrder } from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';
import { admitted, closeOf, endOf, openSocket, outcomeOf, resume } from '../support/sockets.ts';

const TOO_LARGE_BYTES = 66_000;

let base: string;
let restaurant: Restaurant;
let customer: Person;

useCity();
beforeAll(async () => {
  base = (await startApi()).base;
  restaurant = await saffronTable();
  customer = await newPerson();
});
afterEach(() => {
  setClock(null);
});

function open(namespace: string, options: Partial<ManagerOptions & SocketOptions>): Socket {
  return openSocket(base + namespace, options);
}

function admit(person: Person, namespace = '/customer'): Promise<Socket> {
  return admitted(base + namespace, person);
}

/** A token of the real signer that has this long to live. */
async function tokenFor(seconds: number): Promise<string> {
  setClock({ offsetMs: (seconds - config.auth.accessTtlSeconds) * 1000 });
  const { accessToken } = await newPerson();
  setClock(null);
  return accessToken;
}

describe('case 50: an open socket', () => {
  it('is ended when its token runs out', async () => {
    const token = await tokenFor(2);
    const socket = open('/customer', { auth: { token } });
    expect(await outcomeOf(socket)).toEqual({ isOpen: true });
    // Not by the look at open sockets, which comes each minute: this test may not take so long.
    expect(await endOf(socket)).toBe('io server disconnect');
  });

  it('cannot resume the order of somebody else, nor one that does not exist', async () => {
    const { order } = await placeOrder(base, restaurant);
    const socket = await admit(customer);
    for (const orderId of [order.id, '65f0c0ffee0000000000abcd']) {
      const { error } = await resume(socket, { orderId, afterSeq: 0 });
      expect([error?.status, error?.code]).toEqual([404, 'not_found']);
      expect(error?.requestId).toEqual(expect.any(String));
    }
  });

  it('is told what is wrong with its payload, and stays open', async () => {
    const socket = await admit(customer);
    const orderId = '65f0c0ffee0000000000abcd';
    const payloads = [
      undefined,
      null,
      'text',
      [],
      {},
      { orderId },
      { orderId, afterSeq: -1 },
      { orderId: { $ne: '' }, afterSeq: 0 },
      { orderId, afterSeq: 0, more: true },
    ];
    for (const payload of payloads) {
      const { error } = await resume(socket, payload);
      expect([payload, error?.status, error?.code]).toEqual([payload, 400, 'validation_failed']);
      expect(error?.details).not.toHaveLength(0);
    }
    // Without a payload, or without anybody to answer to.
    expect((await resume(socket)).error?.code).toBe('validation_failed');
    socket.emit('resume', 'text');
    expect(socket.connected).toBe(true);
  });

  it('is ended by a frame of more than 64 kB', async () => {
    const socket = await admit(customer);
    const ended = endOf(socket);
    socket.emit('resume', { orderId: 'x'.repeat(TOO_LARGE_BYTES), afterSeq: 0 });
    expect(await ended).toMatch(/^transport (close|error)$/);
  });

  it('that sends too many commands is told so, and its connection closed when it goes on', async () => {
    const socket = await admit(customer);
    const closed = closeOf(socket);
    const few = await Promise.all(Array.from({ length: 21 }, () => resume(socket, {})));
    expect(few.map(({ error }) => error?.code)).toContain('rate_limited');
    for (let count = 0; count < 200; count += 1) socket.emit('resume', {});
    expect(await closed).toBe('transport close');
  });

  it('that sends what nobody listens to is closed all the same', async () => {
    const socket = await admit(customer);
    const closed = closeOf(socket);
    for (let count = 0; count < 200; count += 1) socket.emit('nonsense');
    expect(await closed).toBe('transport close');
  });
});

describe('case 50: a connection', () => {
  it.each(['/', '/customer'])('is closed with its refusal in %s: no second try on it', async (namespace) => {
    const { send, closed } = await openConnection();
    send(namespace, 1);
    expect(await closed).toContain('"status":4');
  });

  it.each(['/kitchen', '/customer'])('that asks for %s again and again is closed', async (namespace) => {
    const { send, closed } = await openConnection();
    send(namespace, 200);
    await closed;
  });

  it('to a worker is refused', async () => {
    const { privateUrl } = await startWorker();
    const socket = openSocket(`${privateUrl}/customer`, { auth: { token: customer.accessToken } });
    expect(await outcomeOf(socket)).toMatchObject({ isOpen: false });
  });
});

describe('case 50: crafted packets', () => {
  it.each([
    ['of no type', 'zzz'],
    ['of an unknown type', '49'],
    ['with half a JSON', '42/customer,["resume",{'],
    ['without an event', '42/customer,[]'],
    ['with a number for an event', '42/customer,[1,2]'],
    ['with an object for an event', '42/customer,[{"toString":1}]'],
    ['with a name of the library itself', '42/customer,["disconnect"]'],
    ['with the name of an error', '42/customer,["error",{}]'],
    ['with attachments that never come', '451000000-/customer,["resume",{"_placeholder":true,"num":0}]'],
    ['with an attachment that is not there', '451-/customer,["resume",{"_placeholder":true,"num":"__proto__"}]'],
    ['with an acknowledgement nobody waits for', '43/customer,99[1]'],
    ['with the prototype of all', '42/customer,["__proto__",{"__proto__":{"isAdmin":true}}]'],
    ['empty', ''],
  ])('%s harm nobody else', async (_, packet) => {
    const { enter, sendRaw } = await openConnection();
    // Nothing else reaches an open socket.
    expect(await enter(customer.accessToken)).toMatch(/^40\/customer,/);
    for (let time = 0; time < 3; time += 1) sendRaw(packet);
    const other = await admit(customer);
    expect((await resume(other, {})).error?.code).toBe('validation_failed');
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('that name a room, or publish for an order, do nothing', async () => {
    const { order } = await placeOrder(base, restaurant);
    const socket = await admit(customer);
    const heard: unknown[] = [];
    socket.onAny((...args: unknown[]) => heard.push(args));
    for (const event of ['join', 'subscribe', 'location', 'courier.location', 'event', 'order.placed']) {
      socket.emit(event, { orderId: order.id, room: `order:${order.id}`, location: { lat: 1, lng: 1 } });
    }
    expect((await resume(socket, {})).error?.code).toBe('validation_failed');
    expect(heard).toEqual([]);
    expect(socket.connected).toBe(true);
  });
});

interface Connection {
  /** The server's answer to a token for /customer. */
  enter: (token: string) => Promise<string>;
  sendRaw: (packet: string) => void;
  /** So many requests to be let in, with a token that is none. */
  send: (namespace: string, times: number) => void;
  /** By the server alone: the last message before. */
  closed: Promise<string>;
}

/** Without the library of the client, which closes by itself what is refused. */
async function openConnection(): Promise<Connection> {
  const webSocket = new WebSocket(`${base.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  let last = '';
  webSocket.addEventListener('message', ({ data }) => {
    last = String(data);
  });
  const closed = new Promise<string>((resolve) => {
    webSocket.addEventListener('close', () => {
      resolve(last);
    });
  });
  await new Promise((resolve) => {
    webSocket.addEventListener('message', resolve, { once: true });
  });
  return {
    closed,
    enter(token) {
      const answered = new Promise<string>((resolve) => {
        webSocket.addEventListener(
          'message',
          ({ data }) => {
            resolve(String(data));
          },
          { once: true },
        );
      });
      webSocket.send(`40/customer,${JSON.stringify({ token })}`);
      return answered;
    },
    sendRaw(packet) {
      webSocket.send(packet);
    },
    send(namespace, times) {
      for (let time = 0; time < times; time += 1) webSocket.send(`40${namespace},{"token":"nonsense"}`);
    },
  };
}
