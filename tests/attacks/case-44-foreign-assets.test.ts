import '../setup/without-rate-limits.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearCloudAssets, listCloudAssets, setCloudCallbacks } from '../../scripts/local-cloud/control-client.ts';
import { images } from '../../src/modules/images/image.model.ts';
import type { DirectUploadBody } from '../../src/modules/images/images.schema.ts';
import { newSecretId } from '../../src/shared/ids.ts';
import { createDeliveryAtDropoff } from '../factories/delivery.ts';
import { createImage } from '../factories/image.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { createKitchen } from '../support/kitchen.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { drawPicture } from '../support/pictures.ts';
import { errorOf } from '../support/responses.ts';

const { cloudinaryUrl, env } = localCloud;
const SECRET = env['CLOUDINARY_API_SECRET'] ?? '';
let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  await setCloudCallbacks(cloudinaryUrl, { drop: true });
});
beforeEach(async () => {
  login = await logInAs({ roles: ['customer', 'restaurant', 'courier'] });
});
afterEach(async () => {
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

function put(path: string, imageId: string) {
  return app.request.put(`/api/v1${path}`).set(login.headers).send({ imageId });
}

describe('case 44: attaching somebody else’s picture', () => {
  it('is 404 at every place that shows one, and nothing is written', async () => {
    const { restaurantId, lassi } = await createKitchen({ ownerId: login.userId });
    const { delivery } = await createDeliveryAtDropoff({}, { _id: login.userId });
    const places = [
      [`/restaurants/${restaurantId}/picture`, 'restaurant'],
      [`/items/${lassi.id}/picture`, 'dish'],
      [`/items/${lassi.id}/clip`, 'clip'],
      ['/me/picture', 'profile'],
      [`/deliveries/${delivery._id}/proof`, 'proof'],
    ] as const;
    for (const [path, purpose] of places) {
      const { _id } = await createImage({ purpose });
      const mine = await createImage({ purpose, ownerId: login.userId });
      // The first edit of a menu makes its row.
      if (path.startsWith('/items/')) await put(path, newSecretId());
      const before = await hashDatabase({ except: ['menus'] });
      // The answer is the same for one that does not exist, and names the field: it is not the dish that is missing.
      const refused = [await put(path, _id), await put(path, newSecretId())];
      for (const res of refused) {
        expect([res.status, errorOf(res)], path).toMatchObject([
          404,
          { code: 'image_not_found', details: [{ path: 'imageId' }] },
        ]);
      }
      expect(await hashDatabase({ except: ['menus'] }), path).toEqual(before);
      expect((await put(path, mine._id)).status, path).toBe(200);
    }
  });

  it('of one’s own for something else, failed, awaited or shown elsewhere is 422', async () => {
    const { lassi } = await createKitchen({ ownerId: login.userId });
    const ownerId = login.userId;
    const refused = [
      await createImage({ ownerId, purpose: 'review' }),
      await createImage({ ownerId, status: 'failed', reason: 'corrupt' }),
      await createImage({ ownerId, status: 'pending', isAwaited: true, isDirect: true }),
      await createImage({ ownerId, attachedTo: { kind: 'dish', id: newSecretId() } }),
    ];
    const reasons: unknown[] = [];
    for (const { _id } of refused) {
      const res = await put(`/items/${lassi.id}/picture`, _id);
      expect([res.status, errorOf(res).code]).toEqual([422, 'image_unusable']);
      reasons.push((errorOf(res).details as { reason: string }).reason);
    }
    expect(reasons).toEqual(['other_purpose', 'failed', 'not_uploaded', 'in_use']);
  });
});

async function sign(purpose = 'dish'): Promise<DirectUploadBody> {
  const res = await app.request.post('/api/v1/uploads/signature').set(login.headers).send({ purpose });
  expect(res.status, res.text).toBe(201);
  return res.body as DirectUploadBody;
}

function call(
  body: string,
  { secret = SECRET, age = 0, signature }: { secret?: string; age?: number; signature?: string } = {},
) {
  const timestamp = String(Math.floor(Date.now() / 1000) - age);
  const right = createHash('sha1').update(`${body}${timestamp}${secret}`).digest('hex');
  return app.request
    .post('/api/v1/webhooks/images/cloudinary')
    .set({ 'Content-Type': 'application/json', 'X-Cld-Timestamp': timestamp, 'X-Cld-Signature': signature ?? right })
    .send(body);
}

function said(publicId: string, more: object = {}): string {
  return JSON.stringify({ notification_type: 'upload', public_id: publicId, bytes: 10, ...more });
}

describe('case 44: a forged callback of the image cloud', () => {
  it('is 401 without our secret, too old, from the future, or changed, and nothing is written', async () => {
    const { image } = await sign();
    const body = said(`quickbite/${image.id}/original`);
    const before = await hashDatabase();
    const forged = [
      await call(body, { secret: 'somebody else’s' }),
      await call(body, { signature: '' }),
      await call(body, { signature: '0'.repeat(40) }),
      await call(body, { age: 2 * 3600 + 60 }),
      await call(body, { age: -3600 }),
      await app.request.post('/api/v1/webhooks/images/cloudinary').set('Content-Type', 'application/json').send(body),
    ];
    for (const res of forged) expect([res.status, errorOf(res).code]).toEqual([401, 'upload_callback_invalid']);
    expect(await hashDatabase()).toEqual(before);
  });

  it('counts once, only for what is awaited, and only in our folder', async () => {
    const { image } = await sign();
    const ready = await createImage({ ownerId: login.userId });
    const before = await hashDatabase();
    for (const publicId of [
      `elsewhere/${image.id}/original`,
      `quickbite/${image.id}/small-jpg`,
      `quickbite/${image.id}/original/more`,
      `quickbite/../${image.id}/original`,
      `quickbite/${newSecretId()}/original`,
      `quickbite/${ready._id}/original`,
    ]) {
      const res = await call(said(publicId));
      expect([res.status, (res.body as { result: string }).result], publicId).toEqual([200, 'ignored']);
    }
    for (const body of ['not json', '[]', '{"public_id":{"$gt":""},"notification_type":"upload"}']) {
      expect((await call(body)).body).toMatchObject({ result: 'ignored' });
    }
    expect(await hashDatabase()).toEqual(before);
    const body = said(`quickbite/${image.id}/original`, { bytes: 1, duration: 1, secure_url: 'https://evil.example' });
    expect((await call(body)).body).toMatchObject({ result: 'taken' });
    expect((await call(body)).body).toMatchObject({ result: 'ignored' });
    // Believed is the name alone.
    expect(await images().findOne({ _id: image.id })).toMatchObject({ bytes: 0, isAwaited: false, status: 'pending' });
  });
});

describe('case 44: an upload signature used for something else', () => {
  async function upload({ url, fields }: DirectUploadBody, changes: Record<string, string> = {}, kind = 'image') {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...changes })) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(await drawPicture().jpeg().toBuffer())]), 'dish.jpg');
    return fetch(url.replace('/image/', `/${kind}/`), { method: 'POST', body: form });
  }

  it.each([
    ['another name in our folder', { public_id: 'quickbite/65f0c0ffee0000000000abcd/original' }],
    ['another folder', { public_id: 'elsewhere/original' }],
    ['public delivery', { type: 'upload' }],
    ['another format', { allowed_formats: 'svg' }],
    ['overwriting', { overwrite: 'true' }],
    ['another receiver of the callback', { notification_url: 'https://evil.example' }],
    ['a later time', { timestamp: String(Math.floor(Date.now() / 1000) + 60) }],
  ])('for %s is refused by the cloud', async (_name, changes) => {
    const answer = await upload(await sign(), changes);
    expect(answer.status).toBe(401);
    expect(await listCloudAssets(cloudinaryUrl)).toEqual([]);
  });

  it('after its hour is refused, and a second time changes nothing', async () => {
    const signed = await sign();
    expect((await upload(signed)).status).toBe(200);
    const [first] = await listCloudAssets(cloudinaryUrl);
    const again = await upload(signed);
    expect(await again.json()).toMatchObject({ existing: true });
    expect(await listCloudAssets(cloudinaryUrl)).toEqual([first]);
    const timestamp = String(Math.floor(Date.now() / 1000) - 3700);
    const { api_key: _key, signature: _signature, ...params } = signed.fields;
    const toSign = Object.entries({ ...params, timestamp })
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    const signature = createHash('sha1')
      .update(toSign + SECRET)
      .digest('hex');
    const stale = await upload(signed, { timestamp, signature });
    expect(stale.status).toBe(400);
    expect(await stale.text()).toContain('Stale request');
  });
});
