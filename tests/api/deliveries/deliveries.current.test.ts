import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCurrentDeliveryRoute } from '../../../src/modules/deliveries/deliveries.schema.ts';
import { createAssignedDelivery, createDeliveryAtDropoff } from '../../factories/delivery.ts';
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

const PATH = '/api/v1/deliveries/current';

describe('GET /deliveries/current', () => {
  it('shows the way and the handover code, never the PIN', async () => {
    const { courier, delivery } = await withParties(createAssignedDelivery);
    const res = await app.request.get(PATH).set(courier.headers).expect(200);
    expectContract(getCurrentDeliveryRoute, res);
    expect(res.body).toMatchObject({
      id: delivery._id,
      status: 'assigned',
      handoverCode: delivery.handoverCode,
      pickup: { name: 'Pepper House', addressLine: '7 Customs House Road' },
      dropoff: { line1: '12 Lighthouse Lane', instructions: 'Blue door' },
    });
    expect(res.body).not.toHaveProperty('pin');
    expect(res.text).not.toMatch(/"pin/i);
    expect(res.headers['cache-control']).toBe('no-store');
  });

  it('hides the handover code once it has served', async () => {
    const { courier } = await withParties(createDeliveryAtDropoff);
    const res = await app.request.get(PATH).set(courier.headers).expect(200);
    expect(res.body).toMatchObject({ status: 'at_dropoff', handoverCode: null });
  });

  it('is not found with empty hands', async () => {
    await withParties(createAssignedDelivery);
    const { headers } = await logInCourier();
    await app.request.get(PATH).set(headers).expect(404);
  });
});
