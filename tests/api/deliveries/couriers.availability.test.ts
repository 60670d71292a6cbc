import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { setAvailabilityRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { logInCourier } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/couriers/me/availability';

describe('PUT /couriers/me/availability', () => {
  it('goes online at a place', async () => {
    const { headers, userId } = await logInCourier({ isOnline: false, location: null, locationAt: null });
    const res = await app.request.put(PATH).set(headers).send({ isOnline: true, location: TOWN }).expect(200);
    expectContract(setAvailabilityRoute, res);
    expect(res.body).toMatchObject({ isOnline: true, location: TOWN });
    expect(await couriers().findOne({ _id: userId })).toMatchObject({ isOnline: true });
  });

  it('refuses a courier who is not approved', async () => {
    const { headers } = await logInCourier({ status: 'suspended', isOnline: false });
    const res = await app.request.put(PATH).set(headers).send({ isOnline: true }).expect(403);
    expect(errorOf(res).code).toBe('forbidden');
  });

  it.each([
    [{}, 'isOnline'],
    [{ isOnline: 'true' }, 'isOnline'],
    [{ isOnline: true, location: { lat: 91, lng: 0 } }, 'location.lat'],
    [{ isOnline: true, status: 'approved' }, 'status'],
    [{ isOnline: true, activeDeliveryId: null }, 'activeDeliveryId'],
  ])('refuses %j', async (body, path) => {
    const { headers } = await logInCourier();
    const res = await app.request.put(PATH).set(headers).send(body).expect(400);
    expect(errorOf(res)).toMatchObject({ code: 'validation_failed', details: [{ path }] });
  });

  it('is for couriers alone', async () => {
    await app.request.put(PATH).send({ isOnline: true }).expect(401);
    const { headers } = await logInAs();
    await app.request.put(PATH).set(headers).send({ isOnline: true }).expect(403);
  });
});
