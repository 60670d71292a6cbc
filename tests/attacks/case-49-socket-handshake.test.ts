import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { config } from '../../src/config/index.ts';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { setClock } from '../../src/shared/clock.ts';
import { newPerson, useCity, type Person } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import { startApi } from '../support/processes.ts';
import { admitted, openSocket, outcomeOf } from '../support/sockets.ts';

const KNOWN_ORIGIN = 'http://localhost:3000';

let base: string;
let customer: Person;

useCity();
beforeAll(async () => {
  base = (await startApi()).base;
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

describe('case 49: the handshake', () => {
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
    const token = customer.accessToken;
    const elsewhere = [
      { query: { token } },
      { query: { access_token: token, auth: token } },
      { extraHeaders: { Authorization: `Bearer ${token}` } },
      { extraHeaders: { Cookie: `token=${token}; accessToken=${token}` } },
    ];
    for (const options of elsewhere) {
      const outcome = await outcomeOf(open('/customer', options));
      expect(outcome).toMatchObject({ isOpen: false, body: { error: { code: 'unauthenticated' } } });
    }
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
    for (const origin of [
      'null',
      'http://localhost:3000.evil.example',
      'http://LOCALHOST:3000',
      'https://localhost:3000',
    ]) {
      const odd = open('/customer', { auth, extraHeaders: { Origin: origin } });
      expect(await outcomeOf(odd), origin).toMatchObject({ isOpen: false });
    }
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

describe('case 49: a refused handshake', () => {
  it('stands in the audit, with the address and without the token', async () => {
    await refusalOf('/customer', { token: `${customer.accessToken}x` });
    await refusalOf('/courier', { token: customer.accessToken });
    await eventually(async () => {
      const rows = await AuditModel.find().lean();
      const told = rows.map(({ event, reason, address }) => [event, reason, address]);
      expect(told).toEqual(
        expect.arrayContaining([
          ['access.unauthenticated', 'socket /customer handshake: token_invalid', '127.0.0.1'],
          ['access.forbidden', 'socket /courier handshake: forbidden', '127.0.0.1'],
        ]),
      );
      expect(JSON.stringify(rows)).not.toContain(customer.accessToken);
    });
  });
});
