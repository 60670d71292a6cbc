import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getOrderRoute } from '../../../src/modules/orders/orders.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createAssignedDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { pathOf, sceneOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('GET /orders/:orderId', () => {
  it('shows the customer the whole order, at both bases, and lets nobody store it', async () => {
    const { customer, order } = await sceneOf('placed', { notes: 'No onions' });
    const res = await app.request.get(pathOf(order)).set(customer.headers).expect(200);
    expectContract(getOrderRoute, res);
    expect(res.headers['cache-control']).toBe('no-store');
    expect(res.body).toMatchObject({
      ...{ id: order._id, status: 'placed', displayStatus: 'placed', version: 2, lastSeq: 2, notes: 'No onions' },
      ...{ pricing: { total: { amount: 11_200, currency: 'INR' } }, deliveryAddress: { line1: '12 Lighthouse Lane' } },
    });
    const other = await app.request.get(pathOf(order).replace('/v1', '')).set(customer.headers).expect(200);
    expect(other.text).toBe(res.text);
  });

  it('shows the restaurant no address and the courier no bill, by what they are to this order', async () => {
    const [customer, owner, courier] = await Promise.all([
      logInAs(),
      logInAs({ roles: ['restaurant', 'customer'] }),
      logInAs({ roles: ['courier', 'customer'] }),
    ]);
    const parties = { customerId: customer.userId, ownerId: owner.userId };
    const { delivery } = await createAssignedDelivery(parties, { _id: courier.userId });
    const path = pathOf({ _id: delivery.orderId });
    const [asOwner, asCourier] = await Promise.all(
      [owner, courier].map(({ headers }) => app.request.get(path).set(headers).expect(200)),
    );
    expectContract(getOrderRoute, asOwner ?? { status: 0, body: null });
    expectContract(getOrderRoute, asCourier ?? { status: 0, body: null });
    expect(asOwner?.body).toMatchObject({ deliveryAddress: null, pricing: { total: { amount: 11_200 } } });
    expect(asOwner?.text).not.toContain('Lighthouse');
    expect(asCourier?.body).toMatchObject({ pricing: null, deliveryAddress: { line1: '12 Lighthouse Lane' } });
    expect(asCourier?.text).not.toContain('11200');
    for (const res of [asOwner, asCourier]) {
      expect(res?.text).not.toContain(delivery.pin);
      expect(res?.text).not.toContain('handoverCode');
    }
  });

  it.each(['support', 'admin'] as const)('shows %s everything', async (role) => {
    const { order } = await sceneOf('cancelled');
    const { headers } = await logInAs({ roles: [role] });
    const res = await app.request.get(pathOf(order)).set(headers).expect(200);
    expectContract(getOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'cancelled', pricing: {}, deliveryAddress: {}, reason: 'changed_mind' });
  });

  it('is 404 for strangers, 401 without a token, 400 for what is no id', async () => {
    const { order } = await sceneOf('placed');
    const stranger = await logInAs({ roles: ['customer', 'restaurant', 'courier'] });
    const foreign = await app.request.get(pathOf(order)).set(stranger.headers).expect(404);
    const absent = await app.request
      .get(pathOf({ _id: newId() }))
      .set(stranger.headers)
      .expect(404);
    const { requestId: _, ...error } = errorOf(foreign);
    // Nothing tells a stranger that it exists.
    expect(errorOf(absent)).toMatchObject(error);
    await app.request.get(pathOf(order)).expect(401);
    const res = await app.request
      .get(pathOf({ _id: 'nonsense' }))
      .set(stranger.headers)
      .expect(400);
    expect(errorOf(res)).toMatchObject({ code: 'validation_failed', details: [{ path: 'params.orderId' }] });
  });
});
