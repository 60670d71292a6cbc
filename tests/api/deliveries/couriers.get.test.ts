import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCourierRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { TOWN } from '../../factories/restaurant.ts';
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

const PATH = '/api/v1/couriers/me';

describe('GET /couriers/me', () => {
  it('shows the courier', async () => {
    const { headers, userId } = await logInCourier();
    const res = await app.request.get(PATH).set(headers).expect(200);
    expectContract(getCourierRoute, res);
    expect(res.body).toMatchObject({ id: userId, isOnline: true, activeDeliveryId: null, location: TOWN });
  });

  it('is not found for somebody who holds the role and is not enrolled', async () => {
    const { headers } = await logInAs({ roles: ['courier'] });
    await app.request.get(PATH).set(headers).expect(404);
  });

  it('is for couriers alone', async () => {
    await app.request.get(PATH).expect(401);
    const { headers } = await logInAs({ roles: ['customer', 'restaurant', 'admin'] });
    await app.request.get(PATH).set(headers).expect(403);
  });
});
