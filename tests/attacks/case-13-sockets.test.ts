import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import type { OrderStatus } from '../../src/modules/orders/index.ts';
import { publishOrderMessage } from '../../src/modules/orders/index.ts';
import { NAMESPACES, type Namespace } from '../../src/realtime/rooms.ts';
import { createAssignedDelivery, getStoredOrder } from '../factories/delivery.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { eventually } from '../support/eventually.ts';
import { employStaff, logInEverybody, loginOf, partiesOf, PRINCIPALS } from '../support/principals.ts';
import { admitted, openSocket, outcomeOf, resume } from '../support/sockets.ts';
import { partyIds } from './ownership-rows/ownership-row.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const STATUS: OrderStatus = 'accepted';
const NAMES = Object.keys(NAMESPACES) as Namespace[];
const PARTIES = Object.entries(PRINCIPALS).filter(([, { party, staff }]) => party !== undefined || staff !== undefined);
const cells = Object.entries(PRINCIPALS).flatMap(([name, { roles }]) =>
  NAMES.map((namespace) => ({
    ...{ name, namespace },
    isAdmitted: roles.some((role) => (NAMESPACES[namespace] as readonly string[]).includes(role)),
    isParty: PARTIES.some(([party]) => party === name),
  })),
);
const admittedCells = cells.filter(({ isAdmitted }) => isAdmitted);

async function scene() {
  const logins = await logInEverybody();
  const parties = partiesOf(logins);
  const { delivery } = await createAssignedDelivery(partyIds(parties), { _id: parties.courier.userId });
  await employStaff(logins);
  return { logins, order: await getStoredOrder(delivery.orderId) };
}

/** Who hears a message of the order in which namespace: its parties, each in their own. */
const HEARS: Record<string, Namespace> = {
  'the customer': '/customer',
  'the owner of the restaurant': '/restaurant',
  'a manager of the restaurant': '/restaurant',
  'kitchen staff of the restaurant': '/restaurant',
  'the courier': '/courier',
  support: '/ops',
  'an admin': '/ops',
};

describe('case 13 over sockets: the order of somebody else', () => {
  it('is out of reach where the namespace is another trade’s, or nobody is logged in', async () => {
    const { logins } = await scene();
    for (const { name, namespace } of cells.filter(({ isAdmitted }) => !isAdmitted)) {
      const token = logins.get(name)?.accessToken;
      const socket = openSocket(app.url + namespace, { auth: token === undefined ? {} : { token } });
      const code = token === undefined ? 'unauthenticated' : 'forbidden';
      expect(await outcomeOf(socket), `${name} in ${namespace}`).toMatchObject({ isOpen: false, message: code });
    }
  });

  it('is resumed by its parties alone, in every namespace, and nothing is written', async () => {
    const { logins, order } = await scene();
    const before = await hashDatabase();
    for (const { name, namespace, isParty } of admittedCells) {
      const socket = await admitted(app.url + namespace, loginOf(logins, name));
      const answer = await resume(socket, { orderId: order._id, afterSeq: 0 });
      const { error, ...rest } = answer as { error?: { code: string }; events?: { orderId: string }[] };
      expect(error?.code, `${name} in ${namespace}`).toBe(isParty ? undefined : 'not_found');
      expect((rest.events ?? []).length > 0, `${name} in ${namespace}`).toBe(isParty);
      socket.disconnect();
    }
    expect(await hashDatabase()).toEqual(before);
  });

  it('is told to its parties alone, each in their own namespace, and no room can be asked for', async () => {
    const { logins, order } = await scene();
    const ears = await Promise.all(
      admittedCells.map(async ({ name, namespace }) => {
        const socket = await admitted(app.url + namespace, loginOf(logins, name));
        const heard: unknown[] = [];
        socket.onAny((...args: unknown[]) => heard.push(args));
        for (const room of [`restaurant:${order.restaurantId}`, `customer:${order.customerId}`, 'ops', order._id]) {
          for (const event of ['join', 'subscribe', 'room', 'joinRoom']) socket.emit(event, room);
        }
        return { name, namespace, heard };
      }),
    );
    publishOrderMessage({
      ...{ orderId: order._id, seq: 99, type: 'order.ready', at: '2026-11-20T12:30:00.000Z', data: { status: STATUS } },
      ...{ customerId: order.customerId, restaurantId: order.restaurantId, courierId: order.courierId },
    });
    await eventually(() => {
      const hearing = ears.filter(({ heard }) => heard.length > 0).map(({ name, namespace }) => [name, namespace]);
      expect(Object.fromEntries(hearing)).toEqual(HEARS);
      expect(hearing).toHaveLength(Object.keys(HEARS).length);
    });
  });
});
