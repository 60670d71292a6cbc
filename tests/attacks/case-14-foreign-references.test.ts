import '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/shared/ids.ts';
import { createCoupon } from '../factories/coupon.ts';
import { createAssignedDelivery, createDeliveryAtDropoff, createDeliveryAtPickup } from '../factories/delivery.ts';
import { createImage } from '../factories/image.ts';
import { createOrderIn } from '../factories/order.ts';
import { createQuote } from '../factories/quote.ts';
import { createCard } from '../factories/refund.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { createInvitation, createMember } from '../factories/staff.ts';
import { buildAddress, createUser } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { fillCart } from '../support/checkout.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { createKitchen } from '../support/kitchen.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

interface Attempt {
  method?: 'post' | 'patch' | 'delete' | 'put';
  path: string;
  login: Login;
  body?: object;
}

/** Expects the refusal, and that nothing was written but what is named. */
async function expectRefused(
  { method = 'post', path, login, body }: Attempt,
  refusal: [number, string],
  except: string[] = [],
): Promise<void> {
  const before = await hashDatabase({ except });
  const request = app.request[method](`/api/v1${path}`).set({ ...login.headers, 'Idempotency-Key': newId() });
  const res = await (body === undefined ? request : request.send(body));
  expect([res.status, errorOf(res).code], res.text).toEqual(refusal);
  expect(await hashDatabase({ except })).toEqual(before);
}

describe('case 14: a foreign reference inside an allowed write', () => {
  it('another customer’s address in one’s own quote answers like one that does not exist', async () => {
    const [login, other] = await Promise.all([logInAs(), logInAs({ addresses: [buildAddress()] })]);
    await fillCart(await createKitchen(), login.userId);
    for (const addressId of [other.user.addresses[0]?._id, newId(), other.userId]) {
      await expectRefused({ path: '/quotes', login, body: { addressId } }, [404, 'not_found']);
    }
  });

  it('another customer’s quote in one’s own order answers like one that does not exist', async () => {
    const login = await logInAs();
    const { _id } = await createQuote();
    for (const quoteId of [_id, newId()]) {
      const body = { quoteId, paymentMethod: 'card' };
      await expectRefused({ path: '/orders', login, body }, [404, 'not_found']);
    }
  });

  it('an item of restaurant B is no item of restaurant A, nor an option of another dish one of this', async () => {
    const [login, a, b] = await Promise.all([logInAs(), createKitchen(), createKitchen()]);
    const line = { restaurantId: a.restaurantId, quantity: 1, optionIds: [] as string[] };
    const path = '/cart/items';
    const before = await hashDatabase();
    for (const itemId of [b.lassi.id, newId(), a.restaurantId]) {
      const res = await app.request
        .post(`/api/v1${path}`)
        .set(login.headers)
        .send({ ...line, itemId });
      expect([404, 422], res.text).toContain(res.status);
    }
    expect(await hashDatabase()).toEqual(before);
    const foreignOption = { ...line, itemId: a.biryani.id, optionIds: [b.biryani.small] };
    await expectRefused({ path, login, body: foreignOption }, [422, 'option_selection_invalid']);
    const ofNoDish = { ...line, itemId: a.lassi.id, optionIds: [a.biryani.large] };
    await expectRefused({ path, login, body: ofNoDish }, [422, 'option_selection_invalid']);
  });

  it('a dish of another restaurant does not slip into a full cart, and no line of another’s cart is changed', async () => {
    const [login, other, a, b] = await Promise.all([logInAs(), logInAs(), createKitchen(), createKitchen()]);
    await fillCart(a, login.userId);
    await fillCart(a, other.userId);
    const line = { restaurantId: b.restaurantId, itemId: b.lassi.id, quantity: 1, optionIds: [] };
    await expectRefused({ path: '/cart/items', login, body: line }, [409, 'cart_other_restaurant']);
    const cart = await app.request.get('/api/v1/cart').set(other.headers).expect(200);
    const lineId = (cart.body as { lines: { id: string }[] }).lines[0]?.id ?? '';
    const foreign = { method: 'patch' as const, path: `/cart/items/${lineId}`, login };
    await expectRefused({ ...foreign, body: { quantity: 9 } }, [404, 'not_found']);
  });

  it('a restaurant’s member or invitation is none under the path of another restaurant of mine', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const [mine, theirs] = [await createRestaurant({ ownerId: owner.userId }), await createRestaurant()];
    const { _id: userId } = await createUser({ roles: ['restaurant'] });
    await createMember({ restaurantId: theirs._id, userId });
    const { _id: invitationId } = await createInvitation({ restaurantId: theirs._id });
    const place = `/restaurants/${mine._id}/staff/${userId}`;
    const body = { role: 'kitchen' };
    await expectRefused({ method: 'patch', path: place, login: owner, body }, [404, 'not_found']);
    await expectRefused({ method: 'delete', path: place, login: owner }, [404, 'not_found']);
    const link = `/restaurants/${mine._id}/invitations/${invitationId}`;
    await expectRefused({ method: 'delete', path: link, login: owner }, [404, 'not_found']);
  });

  it('the handover code and the PIN of another delivery are wrong here', async () => {
    const [owner, courier] = await Promise.all([logInAs({ roles: ['restaurant'] }), logInAs({ roles: ['courier'] })]);
    const other = await createDeliveryAtPickup();
    const here = await createDeliveryAtPickup({ ownerId: owner.userId });
    const code = other.delivery.handoverCode;
    if (code !== here.delivery.handoverCode) {
      const path = `/orders/${here.delivery.orderId}/handover`;
      await expectRefused({ path, login: owner, body: { code } }, [422, 'handover_code_wrong'], ['deliveries']);
    }
    const carried = await createDeliveryAtDropoff({}, { _id: courier.userId });
    if (other.delivery.pin !== carried.delivery.pin) {
      const path = `/deliveries/${carried.delivery._id}/events`;
      const body = { type: 'delivered', pin: other.delivery.pin };
      await expectRefused({ path, login: courier, body }, [422, 'delivery_pin_wrong'], ['deliveries']);
    }
  });

  it('the right PIN under another courier’s delivery opens nothing', async () => {
    const courier = await logInAs({ roles: ['courier'] });
    await createAssignedDelivery({}, { _id: courier.userId });
    const { delivery } = await createDeliveryAtDropoff();
    const body = { type: 'delivered', pin: delivery.pin };
    const path = `/deliveries/${delivery._id}/events`;
    await expectRefused({ path, login: courier, body }, [404, 'not_found']);
  });

  it('a session of somebody else is not ended, a device of somebody else not forgotten', async () => {
    const [login, other] = await Promise.all([logInAs(), logInAs()]);
    const sessions = { method: 'delete' as const, path: `/auth/sessions/${other.sessionId}`, login };
    await expectRefused(sessions, [404, 'not_found']);
    await expectRefused({ method: 'delete', path: `/me/devices/${other.userId}`, login }, [404, 'not_found']);
    await app.request.get('/api/v1/me').set(other.headers).expect(200);
  });

  it('another customer’s saved card pays nothing, like one that does not exist', async () => {
    const login = await logInAs();
    const { _id } = await createOrderIn('pending_payment', { customerId: login.userId });
    const { _id: theirs } = await createCard();
    for (const cardId of [theirs, newId()]) {
      await expectRefused({ path: `/orders/${_id}/pay`, login, body: { cardId } }, [404, 'not_found']);
    }
  });

  it('a picture that somebody else has uploaded is in no review of mine', async () => {
    const login = await logInAs();
    const { _id } = await createOrderIn('delivered', { customerId: login.userId });
    const { _id: theirs } = await createImage({ purpose: 'review' });
    const mine = { foodStars: 1, deliveryStars: 1, imageIds: [theirs] };
    const before = await hashDatabase();
    const res = await app.request.put(`/api/v1/orders/${_id}/review`).set(login.headers).send(mine);
    expect([404, 422], res.text).toContain(res.status);
    expect(await hashDatabase()).toEqual(before);
  });

  it('a coupon of another restaurant is refused in my cart, and no id of one is taken with an order', async () => {
    const [login, here, there] = await Promise.all([logInAs(), createKitchen(), createKitchen()]);
    await fillCart(here, login.userId);
    const { code, _id: couponId } = await createCoupon({ restaurantIds: [there.restaurantId] });
    const path = '/cart/coupon';
    await expectRefused({ method: 'put', path, login, body: { code } }, [422, 'coupon_refused']);
    await expectRefused({ method: 'put', path, login, body: { code: 'NO-SUCH-CODE' } }, [422, 'coupon_refused']);
    const { _id: quoteId } = await createQuote({ customerId: login.userId });
    const body = { quoteId, paymentMethod: 'card', couponId };
    await expectRefused({ path: '/orders', login, body }, [400, 'validation_failed']);
  });

  it('another customer’s order fills no cart of mine', async () => {
    const login = await logInAs();
    const { _id } = await createOrderIn('delivered');
    for (const orderId of [_id, newId()]) {
      await expectRefused({ path: `/orders/${orderId}/reorder`, login, body: {} }, [404, 'not_found']);
    }
  });

  it('the code of another order opens none that waits to be collected', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const collected = { ownerId: owner.userId, mode: 'collection', deliveryAddress: null } as const;
    const [here, there] = [await createOrderIn('ready', collected), await createOrderIn('ready', collected)];
    const code = there.collectionCode ?? '';
    if (code === here.collectionCode) return;
    const path = `/orders/${here._id}/handover`;
    await expectRefused({ path, login: owner, body: { code } }, [422, 'handover_code_wrong'], ['orders']);
  });

  it('no favourite is made of what is no restaurant', async () => {
    const login = await logInAs();
    const path = `/me/favourites/${login.userId}`;
    await expectRefused({ method: 'put', path, login }, [404, 'not_found']);
  });
});
