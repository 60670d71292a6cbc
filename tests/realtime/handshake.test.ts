import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { config } from '../../src/config/index.ts';
import { setClock } from '../../src/shared/clock.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { placeOrder } from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';
import { admitted, closeOf, endOf, openSocket, outcomeOf, resume } from '../support/sockets.ts';

const KNOWN_ORIGIN = 'http://localhost:3000';
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

async function refusalOf(namespace: string, auth: object): Promise<[number | undefined, string | undefined]> {
  const outcome = await outcomeOf(open(namespace, { auth }));
  if (outcome.isOpen) throw new Error('the socket was let in');
  return [outcome.body?.error.status, outcome.body?.error.code];
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

describe('the handshake', () => {
  it('without a token, or with one that is none, is refused', async () => {
    expect(await refusalOf('/customer', {})).toEqual([401, 'unauthenticated']);
    expect(await refusalOf('/customer', { token: 42 })).toEqual([401, 'unauthenticated']);
    expect(await refusalOf('/customer', { token: 'nonsense' })).toEqual([401, 'token_invalid']);
    expect(await refusalOf('/customer', { token: `${customer.accessToken}x` })).toEqual([401, 'token_invalid']);
  });

  it('with an expired token is refused', async () => {
    expect(await refusalOf('/customer', { token: await tokenFor(-1) })).toEqual([401, 'token_expired']);
  });

  it('reads no token from the address, where it would be logged', async () => {
    const socket = open('/customer', { query: { token: customer.accessToken } });
    expect(await outcomeOf(socket)).toMatchObject({ isOpen: false, body: { error: { code: 'unauthenticated' } } });
  });

  it.each(['/restaurant', '/courier', '/ops'])('of a customer in %s is refused', async (namespace) => {
    expect(await refusalOf(namespace, { token: customer.accessToken })).toEqual([403, 'forbidden']);
  });

  it.each(['/', '/kitchen'])('in %s, which is no namespace of ours, is refused', async (namespace) => {
    const outcome = await outcomeOf(open(namespace, { auth: { token: customer.accessToken } }));
    expect(outcome).toMatchObject({ isOpen: false });
  });

  it('of a foreign origin is refused, of a known one or of none let in', async () => {
    const auth = { token: customer.accessToken };
    const foreign = open('/customer', { auth, extraHeaders: { Origin: 'https://evil.example' } });
    expect(await outcomeOf(foreign)).toMatchObject({ isOpen: false });
    const known = open('/customer', { auth, extraHeaders: { Origin: KNOWN_ORIGIN } });
    expect(await outcomeOf(known)).toEqual({ isOpen: true });
    await admit(customer);
  });

  it('without WebSocket is refused', async () => {
    const outcome = await outcomeOf(
      open('/customer', { auth: { token: customer.accessToken }, transports: ['polling'] }),
    );
    expect(outcome).toMatchObject({ isOpen: false });
  });
});

describe('an open socket', () => {
  it('is ended when its token runs out', async () => {
    const token = await tokenFor(2);
    const socket = open('/customer', { auth: { token } });
    expect(await outcomeOf(socket)).toEqual({ isOpen: true });
    const startedAt = performance.now();
    expect(await endOf(socket)).toBe('io server disconnect');
    expect(performance.now() - startedAt).toBeLessThan(4000);
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

describe('a connection', () => {
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

interface Connection {
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
    send(namespace, times) {
      for (let time = 0; time < times; time += 1) webSocket.send(`40${namespace},{"token":"nonsense"}`);
    },
  };
}
