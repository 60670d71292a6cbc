import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getTrackingRoute } from '../../../src/modules/deliveries/deliveries.schema.ts';
import { createAcceptedOrder, createAssignedDelivery, createDeliveryAtDropoff } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { logInCourier, withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function pathOf({ orderId }: { orderId: string }): string {
  return `/api/v1/orders/${orderId}/tracking`;
}

describe('GET /orders/:orderId/tracking', () => {
  it('shows the customer the courier, the window and the PIN', async () => {
    const { customer, delivery } = await withParties(createDeliveryAtDropoff);
    const [lng, lat] = delivery.dropoff.location.coordinates;
    const res = await app.request.get(pathOf(delivery)).set(customer.headers).expect(200);
    expectContract(getTrackingRoute, res);
    expect(res.body).toMatchObject({
      orderId: delivery.orderId,
      status: 'picked_up',
      deliveryStatus: 'at_dropoff',
      courier: { name: 'Ravi', vehicle: 'scooter', location: { lng, lat } },
      deliveryPin: delivery.pin,
    });
    expect(res.text).not.toContain('Nair');
  });

  it('shows the other parties and the office everything but the PIN', async () => {
    const { owner, courier, delivery } = await withParties(createAssignedDelivery);
    const office = await Promise.all([logInAs({ roles: ['support'] }), logInAs({ roles: ['admin'] })]);
    for (const { headers } of [owner, courier, ...office]) {
      const res = await app.request.get(pathOf(delivery)).set(headers).expect(200);
      expect(res.body).toMatchObject({ courier: { name: 'Ravi' }, deliveryPin: null });
    }
  });

  it('is there before the delivery is', async () => {
    const customer = await logInAs();
    const { _id: orderId } = await createAcceptedOrder({ customerId: customer.userId });
    const res = await app.request.get(pathOf({ orderId })).set(customer.headers).expect(200);
    expectContract(getTrackingRoute, res);
    expect(res.body).toMatchObject({ status: 'accepted', deliveryStatus: null, courier: null, eta: null });
  });

  it('is not found for strangers of any role', async () => {
    const { delivery } = await withParties(createAssignedDelivery);
    const strangers = [await logInAs(), await logInAs({ roles: ['restaurant'] }), await logInCourier()];
    for (const { headers } of strangers) await app.request.get(pathOf(delivery)).set(headers).expect(404);
    await app.request.get(pathOf(delivery)).expect(401);
  });
});
