import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { renewDeliveryPinRoute } from '../../../src/modules/deliveries/deliveries.schema.ts';
import { createDeliveryAtDropoff, getStoredDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function pathOf({ orderId }: { orderId: string }): string {
  return `/api/v1/orders/${orderId}/delivery-pin`;
}

describe('POST /orders/:orderId/delivery-pin', () => {
  it('shows a new PIN with all its tries', async () => {
    const { customer, delivery } = await withParties(createDeliveryAtDropoff);
    await deliveries().updateOne({ _id: delivery._id }, { $set: { pinTries: 5 } });
    const res = await app.request.post(pathOf(delivery)).set(customer.headers).expect(200);
    expectContract(renewDeliveryPinRoute, res);
    const stored = await getStoredDelivery(delivery.orderId);
    expect(res.body).toEqual({ pin: stored.pin });
    expect(stored.pin).not.toBe(delivery.pin);
    expect(stored.pinTries).toBe(0);
  });

  it('is for the customer of the order alone', async () => {
    const { courier, owner, delivery } = await withParties(createDeliveryAtDropoff);
    const stranger = await logInAs();
    await app.request.post(pathOf(delivery)).set(stranger.headers).expect(404);
    // The owner of the restaurant may order as a customer, but this is not their order.
    await app.request.post(pathOf(delivery)).set(owner.headers).expect(404);
    await app.request.post(pathOf(delivery)).set(courier.headers).expect(403);
    await app.request.post(pathOf(delivery)).expect(401);
    expect((await getStoredDelivery(delivery.orderId)).pin).toBe(delivery.pin);
  });
});
