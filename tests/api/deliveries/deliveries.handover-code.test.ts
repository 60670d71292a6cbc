import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { renewHandoverCodeRoute } from '../../../src/modules/deliveries/deliveries.schema.ts';
import { createDeliveryAtDropoff, createDeliveryAtPickup, getStoredDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInCourier, withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function pathOf({ _id }: { _id: string }): string {
  return `/api/v1/deliveries/${_id}/handover-code`;
}

describe('POST /deliveries/:deliveryId/handover-code', () => {
  it('shows a new code with all its tries', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtPickup);
    await deliveries().updateOne({ _id: delivery._id }, { $set: { handoverTries: 5 } });
    const res = await app.request.post(pathOf(delivery)).set(courier.headers).expect(200);
    expectContract(renewHandoverCodeRoute, res);
    const stored = await getStoredDelivery(delivery.orderId);
    expect(res.body).toEqual({ handoverCode: stored.handoverCode });
    expect(stored.handoverCode).not.toBe(delivery.handoverCode);
    expect(stored.handoverTries).toBe(0);
  });

  it('is refused after the hand-over, and not found for anybody else', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtDropoff);
    await app.request.post(pathOf(delivery)).set(courier.headers).expect(409);
    const stranger = await logInCourier();
    await app.request.post(pathOf(delivery)).set(stranger.headers).expect(404);
  });
});
