import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import { setTokenVerifier } from '../../src/http/index.ts';
import { verifyAccessToken } from '../../src/modules/auth/index.ts';
import { publishOrderMessage } from '../../src/modules/orders/index.ts';
import { RestaurantStaffModel } from '../../src/modules/staff/restaurant-staff.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { staffPath, staffScene, tokenOf } from '../api/staff/helpers.ts';
import { createOrderIn } from '../factories/order.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { createInvitation, createMember } from '../factories/staff.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs, openLogin, type Login } from '../support/log-in.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { admitted, endOf, openSocket, outcomeOf, resume } from '../support/sockets.ts';

let app: TestApp;
let elsewhere: ApiProcess;
beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

/** What a socket in /restaurant hears from now on. */
async function listenAs(login: Login, base = app.url) {
  const socket = await admitted(`${base}/restaurant`, login);
  const heard: { orderId: string }[] = [];
  socket.on('event', (message: { orderId: string }) => heard.push(message));
  return { socket, hears: (orderId: string) => heard.some((message) => message.orderId === orderId), heard };
}

/** A message of an order of the restaurant, which everybody in the room has after it. */
function tell(restaurantId: string): string {
  const orderId = newId();
  publishOrderMessage({
    ...{ orderId, seq: 2, type: 'order.placed', at: '2026-11-20T12:30:00.000Z', data: { status: 'placed' } },
    ...{ customerId: newId(), restaurantId, courierId: null },
  });
  return orderId;
}

describe('the room of a restaurant', () => {
  it('is joined by owner, manager and kitchen, on every API, and by nobody of another restaurant', async () => {
    const scene = await staffScene();
    const { owner, manager, kitchen, stranger, restaurantId } = scene;
    const inside = await Promise.all([listenAs(owner), listenAs(manager, elsewhere.base), listenAs(kitchen)]);
    const outside = await listenAs(stranger, elsewhere.base);
    const orderId = tell(restaurantId);
    await eventually(() => {
      expect(inside.map(({ hears }) => hears(orderId))).toEqual([true, true, true]);
    });
    expect(outside.heard).toEqual([]);
  });

  it('is open to a guest from the acceptance on: the sockets are cut and come back into it', async () => {
    const { restaurantId } = await staffScene();
    const guest = await logInAs({ roles: ['customer', 'restaurant'] });
    await createMember({ restaurantId: (await createRestaurant())._id, userId: guest.userId });
    const { _id } = await createInvitation({ restaurantId, email: guest.user.email });
    const token = await tokenOf(_id);
    const before = await listenAs(guest);
    const ended = endOf(before.socket);
    await app.request.post('/api/v1/staff-invitations/accept').set(guest.headers).send({ token }).expect(200);
    expect(await ended).toBe('io server disconnect');
    const after = await listenAs(guest);
    const orderId = tell(restaurantId);
    await eventually(() => {
      expect(after.hears(orderId)).toBe(true);
    });
    expect(before.heard).toEqual([]);
  });

  it('is closed by the removal, on every API, also for who works elsewhere', async () => {
    const scene = await staffScene();
    const { restaurantId, owner, kitchen } = scene;
    const { _id: second } = await createRestaurant();
    await createMember({ restaurantId: second, userId: kitchen.userId });
    const open = await Promise.all([listenAs(kitchen), listenAs(kitchen, elsewhere.base)]);
    const ends = open.map(({ socket }) => endOf(socket));
    await app.request.delete(staffPath(scene, kitchen.userId)).set(owner.headers).expect(204);
    expect(await Promise.all(ends)).toEqual(ends.map(() => 'io server disconnect'));
    const again = await listenAs(kitchen);
    const [foreign, own] = [tell(restaurantId), tell(second)];
    await eventually(() => {
      expect(again.hears(own)).toBe(true);
    });
    expect(again.hears(foreign)).toBe(false);
  });

  it('is left by a socket whose place went between its admission and its opening, and the other stays', async () => {
    const { restaurantId, kitchen } = await staffScene();
    const { _id: second } = await createRestaurant();
    await createMember({ restaurantId: second, userId: kitchen.userId });
    let asked = 0;
    setTokenVerifier(async (token) => {
      asked += 1;
      // No cut reaches it: the socket is in the rooms, and not open yet.
      if (asked === 2) await RestaurantStaffModel.deleteOne({ restaurantId, userId: kitchen.userId });
      return verifyAccessToken(token);
    });
    try {
      const { hears } = await listenAs(kitchen);
      await eventually(async () => {
        const [foreign, own] = [tell(restaurantId), tell(second)];
        await eventually(() => {
          expect(hears(own)).toBe(true);
        });
        expect(hears(foreign)).toBe(false);
      });
    } finally {
      setTokenVerifier(verifyAccessToken);
    }
  });

  it('lets nobody back in whose last place it was', async () => {
    const scene = await staffScene();
    const { owner, kitchen } = scene;
    const { socket } = await listenAs(kitchen);
    const ended = endOf(socket);
    await app.request.delete(staffPath(scene, kitchen.userId)).set(owner.headers).expect(204);
    await ended;
    const stale = await outcomeOf(openSocket(`${app.url}/restaurant`, { auth: { token: kitchen.accessToken } }));
    expect(stale).toMatchObject({ isOpen: false, body: { error: { code: 'token_invalid' } } });
    const { accessToken } = await openLogin({ ...kitchen.user, sessionVersion: 1 });
    const fresh = await outcomeOf(openSocket(`${app.url}/restaurant`, { auth: { token: accessToken } }));
    expect(fresh).toMatchObject({ isOpen: false, body: { error: { code: 'forbidden' } } });
  });

  it('has no resume for who lost the place, even where no cut has reached the socket', async () => {
    const { restaurantId, kitchen } = await staffScene();
    const order = await createOrderIn('ready', { restaurantId });
    const { socket } = await listenAs(kitchen);
    const resumed = (await resume(socket, { orderId: order._id, afterSeq: 0 })) as { events?: unknown[] };
    expect(resumed.events).toHaveLength(5);
    // No sum of money: the kitchen reads it.
    expect(JSON.stringify(resumed)).not.toMatch(/Minor|amount|11200|currency/);
    await RestaurantStaffModel.deleteOne({ restaurantId, userId: kitchen.userId });
    expect((await resume(socket, { orderId: order._id, afterSeq: 0 })).error?.code).toBe('not_found');
  });
});
