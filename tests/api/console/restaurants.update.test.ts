import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  getRestaurantConsoleRoute,
  updateRestaurantRoute,
} from '../../../src/modules/console/onboarding/onboarding.schema.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createBrand } from '../../factories/brand.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { buildDeliveryArea, createRestaurant, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { staffScene } from '../staff/helpers.ts';
import { auditAbout, storedRestaurant, tag } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const REGISTRATION = {
  ...{ legalName: 'Pepper House Foods LLP', addressLine: '7 Customs House Road' },
  ...{ country: 'IN', number: '30ZZZFZ0123Z1Z0' },
};

function change(restaurantId: string, { headers }: Login, { version = 0, ...body }: Record<string, unknown>) {
  return app.request
    .patch(`/api/v1/restaurants/${restaurantId}`)
    .set({ ...headers, ...tag(version as number) })
    .send(body);
}

describe('GET /restaurants/:restaurantId/console', () => {
  it('shows all of its staff everything, with the tag that an edit needs', async () => {
    const { restaurantId, owner, manager, kitchen, stranger } = await staffScene();
    for (const { headers } of [owner, manager, kitchen]) {
      const res = await app.request.get(`/api/v1/restaurants/${restaurantId}/console`).set(headers).expect(200);
      expectContract(getRestaurantConsoleRoute, res);
      expect(res.headers).toMatchObject({ etag: '"0"', 'cache-control': 'no-store' });
    }
    await app.request.get(`/api/v1/restaurants/${restaurantId}/console`).set(stranger.headers).expect(404);
  });
});

describe('PATCH /restaurants/:restaurantId', () => {
  it('changes what is given, raises the version, and leaves the rest', async () => {
    const { restaurantId, manager } = await staffScene();
    const body = { description: 'New.', prepMinutes: 35, diets: ['vegan'], cuisines: ['pizza'] };
    const res = await change(restaurantId, manager, body).expect(200);
    expectContract(updateRestaurantRoute, res);
    expect(res.body).toMatchObject({ ...body, version: 1, name: 'Pepper House', status: 'live' });
    expect(res.headers['etag']).toBe('"1"');
    const row = await storedRestaurant(restaurantId);
    expect(row).toMatchObject({ ...body, version: 1, rating: { average: 4.2, count: 10 } });
    expect(row.searchTokens).toContain('pizza');
    expect(await auditAbout(restaurantId)).toEqual([]);
  });

  it('moves a restaurant within the reach of its delivery areas, and refuses to move it further', async () => {
    const { restaurantId, owner } = await staffScene();
    const feeBands = [{ upToMeters: 60_000, feeMinor: 2_500 }];
    await RestaurantModel.updateOne(
      { _id: restaurantId },
      { status: 'draft', deliveryAreas: [{ ...buildDeliveryArea({ metersToEdge: 500 }), feeBands }] },
    );
    const north = (meters: number) => ({ lat: TOWN.lat + meters / 111_195, lng: TOWN.lng });
    const res = await change(restaurantId, owner, { location: north(60_000) }).expect(400);
    expect(errorOf(res)).toMatchObject({ code: 'validation_failed', details: [{ path: 'location' }] });
    expect((await storedRestaurant(restaurantId)).version).toBe(0);
    await change(restaurantId, owner, { location: north(40_000) }).expect(200);
    await RestaurantModel.updateOne({ _id: restaurantId }, { deliveryAreas: [] });
    await change(restaurantId, owner, { version: 1, location: north(90_000) }).expect(200);
  });

  it('moves no pin so far that a corner of an area has no fee any more, and names the area', async () => {
    const { restaurantId, owner } = await staffScene();
    // To the corners of the square it is 707 meters, 955 by road.
    const area = { ...buildDeliveryArea({ metersToEdge: 500 }), feeBands: [{ upToMeters: 1_000, feeMinor: 2_500 }] };
    await RestaurantModel.updateOne({ _id: restaurantId }, { deliveryAreas: [area] });
    const north = (meters: number) => ({ lat: TOWN.lat + meters / 111_195, lng: TOWN.lng });
    const res = await change(restaurantId, owner, { location: north(300) }).expect(400);
    const [problem] = errorOf(res).details as { path: string; message: string }[];
    expect(problem).toMatchObject({ path: 'location', code: 'out_of_bounds' });
    expect(problem?.message).toContain(`delivery.areas.0.feeBands (${area.name})`);
    expect((await storedRestaurant(restaurantId)).version).toBe(0);
    await change(restaurantId, owner, { location: north(20) }).expect(200);
  });

  it('moves a draft that says nothing of delivery yet anywhere', async () => {
    const { restaurantId, owner } = await staffScene();
    await RestaurantModel.updateOne({ _id: restaurantId }, { status: 'draft', feeBands: [] });
    await change(restaurantId, owner, { location: { lat: 48.85, lng: 2.35 } }).expect(200);
  });

  it('on an older version is a 409 with the current one, and without a tag a 400', async () => {
    const { restaurantId, owner } = await staffScene();
    await change(restaurantId, owner, { prepMinutes: 30 }).expect(200);
    const late = await change(restaurantId, owner, { prepMinutes: 40 }).expect(409);
    expect(errorOf(late)).toMatchObject({ code: 'version_conflict', details: { currentVersion: 1 } });
    const path = `/api/v1/restaurants/${restaurantId}`;
    const bare = await app.request.patch(path).set(owner.headers).send({ prepMinutes: 40 }).expect(400);
    expect(errorOf(bare).code).toBe('if_match_missing');
    expect((await storedRestaurant(restaurantId)).prepMinutes).toBe(30);
    await change(restaurantId, owner, { prepMinutes: 40, version: 1 }).expect(200);
  });

  it.each([
    { location: { lat: TOWN.lat + 0.001, lng: TOWN.lng } },
    { timeZone: 'Europe/Paris' },
    { serviceFeeMinor: 900 },
    { packagingFeeMinor: 1_500 },
    { smallOrderFee: { belowMinor: 20_000, feeMinor: 2_000 } },
    { autoAccept: true },
    { taxRates: { food: 0 } },
    { pricesIncludeTax: true },
    { taxRegistration: REGISTRATION },
    { taxRegistration: { ...REGISTRATION, number: null } },
  ])('leaves %j to the owner, and the audit tells of it', async (terms) => {
    const { restaurantId, owner, manager } = await staffScene();
    expect(errorOf(await change(restaurantId, manager, terms).expect(403)).code).toBe('forbidden');
    await change(restaurantId, owner, terms).expect(200);
    expect(await auditAbout(restaurantId)).toMatchObject([
      { event: 'restaurant.terms_changed', actorId: owner.userId, after: terms },
    ]);
  });

  it.each([
    { commissionBasisPoints: 0 },
    { smallOrderFee: { belowMinor: 20_000, feeMinor: 0 } },
    { packagingFeeMinor: -1 },
    { taxRegistration: { ...REGISTRATION, number: '30ZZZFZ0123Z1Z1' } },
    { taxRegistration: { ...REGISTRATION, country: 'FR' } },
    { taxRegistration: { ...REGISTRATION, legalName: ' ' } },
  ])('refuses %j, which is not theirs to set or no fee', async (terms) => {
    const { restaurantId, owner } = await staffScene();
    await change(restaurantId, owner, terms).expect(400);
  });

  it.each([
    { name: 'Dominos Pizza (official)' },
    { addressLine: '1 Other Street' },
    { location: { lat: TOWN.lat + 0.006, lng: TOWN.lng } },
  ])('keeps to what was approved: %j only before approval', async (terms) => {
    const { restaurantId, owner } = await staffScene();
    for (const status of ['live', 'suspended']) {
      await RestaurantModel.updateOne({ _id: restaurantId }, { status });
      expect(errorOf(await change(restaurantId, owner, terms).expect(409)).code).toBe('terms_approved');
    }
    await RestaurantModel.updateOne({ _id: restaurantId }, { status: 'draft' });
    await change(restaurantId, owner, terms).expect(200);
  });

  it('moves the dishes with the restaurant', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { _id } = await createCompleteRestaurant({ ownerId: owner.userId, status: 'live' });
    const foundAt = async (point: { lat: number; lng: number }) => {
      const res = await app.request
        .get('/api/v1/search')
        .query({ q: 'biryani', ...point })
        .expect(200);
      return (res.body as { data: unknown[] }).data.length;
    };
    const [paris, sea] = [
      { lat: 48.85, lng: 2.35 },
      { lat: 15.2, lng: 73.1 },
    ];
    const setStatus = (status: string) => RestaurantModel.updateOne({ _id }, { status });
    await setStatus('draft');
    await change(_id, owner, { location: paris }).expect(200);
    await setStatus('live');
    expect([await foundAt(paris), await foundAt(sea)]).toEqual([1, 0]);
    await setStatus('draft');
    await change(_id, owner, { location: sea, version: 1 }).expect(200);
    await setStatus('live');
    expect([await foundAt(paris), await foundAt(sea)]).toEqual([0, 1]);
  });

  it('changes the currency of a draft without dishes alone', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const mine = { ownerId: owner.userId };
    const empty = await createRestaurant({ ...mine, status: 'draft' });
    const priced = await createCompleteRestaurant({ ...mine, addressLine: '1 Pier' });
    const live = await createRestaurant(mine);
    await change(empty._id, owner, { currency: 'JPY' }).expect(200);
    for (const { _id } of [priced, live]) {
      const res = await change(_id, owner, { currency: 'JPY' }).expect(409);
      expect(errorOf(res).code).toBe('currency_fixed');
      // What it is already is no change.
      await change(_id, owner, { currency: 'INR' }).expect(200);
    }
  });

  it('joins a brand of one’s own and no other, and leaves it', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { _id } = await createRestaurant({ ownerId: owner.userId });
    const [own, foreign] = [await createBrand({ ownerId: owner.userId }), await createBrand()];
    await change(_id, owner, { brandId: foreign._id }).expect(404);
    await change(_id, owner, { brandId: newId() }).expect(404);
    expect((await change(_id, owner, { brandId: own._id }).expect(200)).body).toMatchObject({ brandId: own._id });
    const left = await change(_id, owner, { brandId: null, version: 1 }).expect(200);
    expect(left.body).toMatchObject({ brandId: null });
  });

  it('does not make a draft the twin of another', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const draft = { ownerId: owner.userId, status: 'draft' as const };
    const one = await createRestaurant({ ...draft, name: 'Salt House' });
    await createRestaurant({ ...draft, name: 'Pepper House' });
    const res = await change(one._id, owner, { name: 'Pepper House' }).expect(409);
    expect(errorOf(res).code).toBe('already_exists');
  });

  it.each([
    'status',
    'ownerId',
    'version',
    'rating',
    'slug',
    'liveAt',
    'statusReason',
    'popularity',
    'hours',
    'feeBands',
  ])('refuses the key %s', async (key) => {
    const { restaurantId, owner } = await staffScene();
    const path = `/api/v1/restaurants/${restaurantId}`;
    const res = await app.request
      .patch(path)
      .set({ ...owner.headers, ...tag(0) })
      .send({ prepMinutes: 30, [key]: 1 })
      .expect(400);
    expect(errorOf(res).details).toMatchObject([{ path: key, code: 'unknown_key' }]);
    expect((await storedRestaurant(restaurantId)).version).toBe(0);
  });

  it('keeps a tax rate for every category of its dishes while it is on sale', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { _id } = await createCompleteRestaurant({ ownerId: owner.userId, status: 'live' });
    const res = await change(_id, owner, { taxRates: {} }).expect(422);
    expect(errorOf(res)).toMatchObject({ code: 'tax_rate_missing', details: [{ path: 'taxRates.food' }] });
    await change(_id, owner, { taxRates: { food: 0 } }).expect(200);
    const draft = await createCompleteRestaurant({ ownerId: owner.userId });
    await change(draft._id, owner, { taxRates: {} }).expect(200);
  });

  it('must change something', async () => {
    const { restaurantId, owner } = await staffScene();
    await change(restaurantId, owner, {}).expect(400);
  });
});
