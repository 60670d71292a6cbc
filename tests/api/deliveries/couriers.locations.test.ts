import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { recordLocationsRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { metersNorth, TOWN } from '../../factories/restaurant.ts';
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

const PATH = '/api/v1/couriers/me/locations';

function fixAt(agoMs: number) {
  return { ...TOWN, at: addMs(now(), -agoMs).toISOString(), accuracyMeters: 8 };
}

describe('POST /couriers/me/locations', () => {
  it('answers 202 and keeps the newest fix', async () => {
    const { headers, userId } = await logInCourier({ location: metersNorth(500), locationAt: addMs(now(), -60_000) });
    const fixes = [fixAt(3_000), fixAt(1_000), fixAt(2_000)];
    const res = await app.request.post(PATH).set(headers).send({ fixes }).expect(202);
    expectContract(recordLocationsRoute, res);
    expect(res.body).toEqual({ isKept: true });
    const stored = await couriers().findOne({ _id: userId });
    expect(stored).toMatchObject({ location: metersNorth(0) });
    expect(stored?.locationAt?.toISOString()).toBe(fixes[1]?.at);
    const again = await app.request.post(PATH).set(headers).send({ fixes }).expect(202);
    expect(again.body).toEqual({ isKept: false });
  });

  it.each([
    [{ fixes: [] }, 'fixes'],
    [{ fixes: [{ ...fixAt(0), lat: '15.2' }] }, 'fixes.0.lat'],
    [{ fixes: [{ ...fixAt(0), lng: 181 }] }, 'fixes.0.lng'],
    [{ fixes: [{ ...fixAt(0), at: 'yesterday' }] }, 'fixes.0.at'],
    [{ fixes: [{ ...fixAt(0), courierId: 'x' }] }, 'fixes.0.courierId'],
    [{ fixes: Array.from({ length: 101 }, () => fixAt(0)) }, 'fixes'],
  ])('refuses a batch that is not one (%#)', async (body, path) => {
    const { headers } = await logInCourier();
    const res = await app.request.post(PATH).set(headers).send(body).expect(400);
    expect(errorOf(res)).toMatchObject({ code: 'validation_failed', details: [{ path }] });
  });

  it('is for couriers alone', async () => {
    const body = { fixes: [fixAt(0)] };
    await app.request.post(PATH).send(body).expect(401);
    const { headers } = await logInAs();
    await app.request.post(PATH).set(headers).send(body).expect(403);
  });
});
