import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildAddress } from '../../factories/user.ts';
import { createZone } from '../../factories/zone.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/me/addresses';
const HOME = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  location: { lat: 12.9352, lng: 74.8211 },
};
const NOT_FOUND = { status: 404, body: { error: { code: 'not_found' } } };

async function addressesOf(userId: string) {
  return (await UserModel.findById(userId).lean())?.addresses ?? [];
}

describe('GET /me/addresses', () => {
  it('lists the own ones on one page, in the order of adding', async () => {
    const [home, work] = [buildAddress(), buildAddress({ label: 'Work', line2: 'Floor 3' })];
    const { headers } = await logInAs({ addresses: [home, work] });
    await logInAs({ addresses: [buildAddress()] });
    const res = await app.request.get(PATH).set(headers);
    expect(answerOf(res)).toEqual({
      status: 200,
      body: {
        data: [
          { id: home._id, ...HOME, zone: null },
          { id: work._id, ...HOME, label: 'Work', line2: 'Floor 3', zone: null },
        ],
        page: { limit: 20, nextCursor: null, hasMore: false },
      },
    });
  });

  it.each(['restaurant', 'courier', 'support', 'admin'] as const)('is 403 for a %s', async (role) => {
    const { headers } = await logInAs({ roles: [role] });
    expect(await app.request.get(PATH).set(headers)).toMatchObject({ status: 403 });
  });
});

describe('POST /me/addresses', () => {
  it('answers 201 with the address and keeps it as GeoJSON', async () => {
    const { userId, headers } = await logInAs();
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...HOME, postcode: '403001', line2: null });
    const body = res.body as { id: string };
    expect(res.status).toBe(201);
    expect(body).toEqual({ id: expect.any(String) as unknown, ...HOME, postcode: '403001', zone: null });
    expect(res.headers['location']).toBe(`${PATH}/${body.id}`);
    expect(await addressesOf(userId)).toMatchObject([
      { _id: body.id, location: { type: 'Point', coordinates: [74.8211, 12.9352] } },
    ]);
  });

  it('of a twenty-first is 422 and leaves twenty', async () => {
    const { userId, headers } = await logInAs({ addresses: Array.from({ length: 20 }, () => buildAddress()) });
    const res = await app.request.post(PATH).set(headers).send(HOME);
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'address_book_full' } } });
    expect(await addressesOf(userId)).toHaveLength(20);
  });

  it.each([
    ['a latitude out of range', { location: { lat: 91, lng: 0 } }, 'location.lat'],
    ['the coordinates of nowhere', { location: { lat: 0, lng: 0 } }, 'location'],
    ['coordinates as text', { location: { lat: '12.9', lng: 74.8 } }, 'location.lat'],
    ['no coordinates', { location: undefined }, 'location'],
    ['a line break in a line', { line1: 'a\nb' }, 'line1'],
    ['an id of its own', { id: newId() }, 'id'],
  ])('with %s is 400 and names the field', async (_what, change, path) => {
    const { userId, headers } = await logInAs();
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...HOME, ...change });
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'validation_failed', details: [{ path }] } } });
    expect(await addressesOf(userId)).toEqual([]);
  });
});

describe('the zone of an address', () => {
  const INSIDE = { lat: 15.2018, lng: 73.1014 };

  it('is named in every answer, and follows the coordinates', async () => {
    const zone = await createZone({ name: 'Harbour Quarter' });
    const { headers } = await logInAs();
    const added = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...HOME, location: INSIDE });
    const { id } = added.body as { id: string };
    expect(added.body).toMatchObject({ zone: { id: zone._id, name: 'Harbour Quarter' } });
    const list = await app.request.get(PATH).set(headers);
    expect(list.body).toMatchObject({ data: [{ id, zone: { id: zone._id } }] });
    const moved = await app.request.patch(`${PATH}/${id}`).set(headers).send({ location: HOME.location });
    expect(moved.body).toMatchObject({ id, zone: null });
  });

  it('appears once a zone is opened around an address that was kept before', async () => {
    const { headers } = await logInAs();
    const added = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...HOME, location: INSIDE });
    expect(added).toMatchObject({ status: 201, body: { zone: null } });
    const zone = await createZone();
    const list = await app.request.get(PATH).set(headers);
    expect(list.body).toMatchObject({ data: [{ zone: { id: zone._id } }] });
  });
});

describe('PATCH /me/addresses/:addressId', () => {
  it('changes that one address, moves it, and removes a line by null', async () => {
    const [home, work] = [buildAddress({ line2: 'Left door' }), buildAddress({ label: 'Work' })];
    const { userId, headers } = await logInAs({ addresses: [home, work] });
    const change = { label: 'Old home', line2: null, location: { lat: 1, lng: 2 } };
    const res = await app.request.patch(`${PATH}/${home._id}`).set(headers).send(change);
    expect(answerOf(res)).toEqual({
      status: 200,
      body: { id: home._id, ...HOME, label: 'Old home', location: { lat: 1, lng: 2 }, zone: null },
    });
    const [stored, other] = await addressesOf(userId);
    expect(stored).toMatchObject({ label: 'Old home', location: { coordinates: [2, 1] } });
    expect(stored).not.toHaveProperty('line2');
    expect(other).toEqual(work);
  });

  it('of a stranger is 404 and changes nothing', async () => {
    const address = buildAddress();
    const stranger = await logInAs({ addresses: [address] });
    const { headers } = await logInAs({ addresses: [buildAddress()] });
    const res = await app.request.patch(`${PATH}/${address._id}`).set(headers).send({ label: 'Mine' });
    expect(res).toMatchObject(NOT_FOUND);
    expect(await addressesOf(stranger.userId)).toEqual([address]);
  });

  it.each([
    ['nothing to change', {}],
    ['the coordinates of nowhere', { location: { lat: 0.001, lng: -0.001 } }],
    ['a required line removed', { line1: null }],
    ['a field path for a key', { 'location.coordinates': [0, 0] }],
  ])('with %s is 400', async (_what, body) => {
    const address = buildAddress();
    const { userId, headers } = await logInAs({ addresses: [address] });
    const res = await app.request.patch(`${PATH}/${address._id}`).set(headers).send(body);
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    expect(await addressesOf(userId)).toEqual([address]);
  });

  it('with a malformed id is 400', async () => {
    const { headers } = await logInAs();
    expect(await app.request.patch(`${PATH}/home`).set(headers).send({ label: 'x' })).toMatchObject({ status: 400 });
  });
});

describe('DELETE /me/addresses/:addressId', () => {
  it('is 204 and removes that one; a second time it is 404', async () => {
    const [home, work] = [buildAddress(), buildAddress({ label: 'Work' })];
    const { userId, headers } = await logInAs({ addresses: [home, work] });
    const res = await app.request.delete(`${PATH}/${home._id}`).set(headers);
    expect({ status: res.status, text: res.text }).toEqual({ status: 204, text: '' });
    expect(await addressesOf(userId)).toEqual([work]);
    expect(await app.request.delete(`${PATH}/${home._id}`).set(headers)).toMatchObject(NOT_FOUND);
  });

  it('of a stranger is 404 and removes nothing', async () => {
    const address = buildAddress();
    const stranger = await logInAs({ addresses: [address] });
    const { headers } = await logInAs();
    expect(await app.request.delete(`${PATH}/${address._id}`).set(headers)).toMatchObject(NOT_FOUND);
    expect(await addressesOf(stranger.userId)).toEqual([address]);
  });
});
