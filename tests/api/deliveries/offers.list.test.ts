import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listOffersRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { createOfferingDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { logInCourier } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/offers';

describe('GET /offers', () => {
  it('shows the open offers, and nothing about the customer', async () => {
    const { headers } = await logInCourier();
    const { _id, orderId, customerId } = await createOfferingDelivery();
    const res = await app.request.get(PATH).set(headers).expect(200);
    expectContract(listOffersRoute, res);
    expect(res.body).toMatchObject({
      data: [
        { deliveryId: _id, orderId, status: 'pending', fee: { amount: 4_900, currency: 'INR' }, tripMeters: 2_552 },
      ],
      page: { nextCursor: null, hasMore: false },
    });
    const text = JSON.stringify(res.body);
    expect(text).not.toContain(customerId);
    expect(text).not.toContain('Lighthouse');
  });

  it('shows nobody what others were offered', async () => {
    await logInCourier();
    await createOfferingDelivery();
    const { headers } = await logInCourier();
    const res = await app.request.get(PATH).set(headers).expect(200);
    expect(res.body).toMatchObject({ data: [] });
  });

  it('is for couriers alone', async () => {
    await app.request.get(PATH).expect(401);
    const { headers } = await logInAs();
    await app.request.get(PATH).set(headers).expect(403);
  });
});
