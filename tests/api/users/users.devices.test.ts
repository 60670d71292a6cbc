import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PushDeviceModel } from '../../../src/modules/users/push-device.model.ts';
import { listDevicesRoute, registerDeviceRoute } from '../../../src/modules/users/push-devices.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { buildPhone } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/me/devices';
const BROWSER = {
  platform: 'web',
  name: 'Firefox on my laptop',
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABexample',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
};

type Headers = Login['headers'];

async function register(headers: Headers, device: object = buildPhone()): Promise<string> {
  const res = await app.request.post(PATH).set(headers).send(device).expect(201);
  return (res.body as { id: string }).id;
}

async function idsOf(headers: Headers): Promise<string[]> {
  const res = await app.request.get(PATH).set(headers).expect(200);
  return (res.body as { data: { id: string }[] }).data.map(({ id }) => id);
}

describe('POST /me/devices', () => {
  it('of a browser answers 201 without endpoint and keys, and keeps both', async () => {
    const { userId, headers } = await logInAs();
    const res = await app.request.post(PATH).set(headers).send(BROWSER);
    expectContract(registerDeviceRoute, answerOf(res));
    const { id } = res.body as { id: string };
    expect(res).toMatchObject({ status: 201, headers: { location: `${PATH}/${id}` } });
    expect(Object.keys(res.body as object)).toEqual(['id', 'platform', 'name', 'registeredAt']);
    const { endpoint, keys } = BROWSER;
    expect(await PushDeviceModel.findById(id).lean()).toMatchObject({ userId, endpoint, keys, token: null });
  });

  it('of the same device again renames it and keeps its id', async () => {
    const { headers } = await logInAs();
    const id = await register(headers, buildPhone({ name: 'Old name', token: 'fcm-token:0123456789' }));
    expect(await register(headers, buildPhone({ name: 'New name', token: 'fcm-token:0123456789' }))).toBe(id);
    const list = await app.request.get(PATH).set(headers);
    expect(list.body).toMatchObject({ data: [{ id, name: 'New name' }] });
  });

  it('of a device of somebody else moves it to who registered it last', async () => {
    const [first, second] = [await logInAs(), await logInAs()];
    const device = buildPhone();
    const id = await register(first.headers, device);
    await register(second.headers, device);
    expect(await idsOf(first.headers)).toEqual([]);
    expect(await idsOf(second.headers)).toHaveLength(1);
    await app.request.delete(`${PATH}/${id}`).set(first.headers).expect(404);
  });

  it('twenty times at once by two accounts makes one device of one of them', async () => {
    const [one, other] = [await logInAs(), await logInAs()];
    const device = buildPhone();
    const calls = Array.from({ length: 20 }, (_, n) => register(n % 2 === 0 ? one.headers : other.headers, device));
    expect(new Set(await Promise.all(calls)).size).toBe(1);
    expect(await PushDeviceModel.countDocuments()).toBe(1);
  });

  it('of a twenty-first lets the oldest go', async () => {
    const { headers } = await logInAs();
    const oldest = await register(headers);
    for (let n = 0; n < 20; n += 1) await register(headers);
    const ids = await idsOf(headers);
    expect(ids).toHaveLength(20);
    expect(ids).not.toContain(oldest);
    expect(await PushDeviceModel.countDocuments()).toBe(20);
  });

  it.each([
    ['no keys', { ...BROWSER, keys: undefined }],
    ['a token beside the endpoint', { ...BROWSER, token: 'fcm-token:0123456789' }],
    ['short keys', { ...BROWSER, keys: { p256dh: 'BCV', auth: 'BTB' } }],
    ['an endpoint for a phone', { ...BROWSER, platform: 'ios' }],
    ['a token with blanks', buildPhone({ token: 'a token with some blanks' })],
    ['another platform', { ...buildPhone(), platform: 'fridge' }],
    ['an owner of its own', { ...buildPhone(), userId: '0'.repeat(24) }],
  ])('with %s is 400 and keeps nothing', async (_what, body) => {
    const { headers } = await logInAs();
    const res = await app.request.post(PATH).set(headers).send(body);
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    expect(await PushDeviceModel.countDocuments()).toBe(0);
  });
});

describe('GET /me/devices', () => {
  it('lists the own ones, the last registered first, without secrets', async () => {
    const { headers } = await logInAs();
    const other = await logInAs();
    const [first, second] = [await register(headers), await register(headers, BROWSER)];
    await register(other.headers);
    const res = await app.request.get(PATH).set(headers);
    expectContract(listDevicesRoute, answerOf(res));
    expect(res.body).toMatchObject({ page: { limit: 20, nextCursor: null, hasMore: false } });
    expect(await idsOf(headers)).toEqual([second, first]);
    expect(res.text).not.toMatch(/mozilla|fcm-token|BTBZ/);
  });

  it('is empty after a log-out everywhere, and what was there is gone with the next device', async () => {
    const { user, headers } = await logInAs();
    await register(headers);
    await UserModel.updateOne({ _id: user._id }, { $inc: { sessionVersion: 1 } });
    const again = await openLogin({ ...user, sessionVersion: 1 });
    expect(await idsOf(again.headers)).toEqual([]);
    const id = await register(again.headers);
    expect(await idsOf(again.headers)).toEqual([id]);
    expect(await PushDeviceModel.countDocuments()).toBe(1);
  });
});

describe('DELETE /me/devices/:deviceId', () => {
  it('is 204 and silences it; a second time it is 404', async () => {
    const { headers } = await logInAs();
    const id = await register(headers);
    await app.request.delete(`${PATH}/${id}`).set(headers).expect(204);
    expect(await PushDeviceModel.countDocuments()).toBe(0);
    await app.request.delete(`${PATH}/${id}`).set(headers).expect(404);
  });

  it('of somebody else is 404 and leaves it', async () => {
    const [owner, thief] = [await logInAs(), await logInAs()];
    const id = await register(owner.headers);
    await app.request.delete(`${PATH}/${id}`).set(thief.headers).expect(404);
    expect(await idsOf(owner.headers)).toEqual([id]);
  });
});
