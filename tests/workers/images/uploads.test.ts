import '../../setup/without-rate-limits.ts';
import { localCloud } from '../../setup/with-local-cloud.ts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearCloudAssets,
  clearCloudFaults,
  listCloudAssets,
  setCloudCallbacks,
  setCloudFaults,
} from '../../../scripts/local-cloud/control-client.ts';
import { imagesOf } from '../../support/images.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { images, originals } from '../../../src/modules/images/image.model.ts';
import { makeImage } from '../../../src/modules/images/make-variants.service.ts';
import type { DirectUploadBody, ImageBody } from '../../../src/modules/images/images.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { jpegWithGps, mp4Of } from '../../support/pictures.ts';

const { cloudinaryUrl } = localCloud;
let app: TestApp;
let login: Login;

beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  await setCloudCallbacks(cloudinaryUrl, { url: `${app.url}/api/v1/webhooks/images/cloudinary` });
});
beforeEach(async () => {
  await clearCloudFaults(cloudinaryUrl);
  login = await logInAs({ roles: ['customer', 'restaurant'] });
});
afterEach(async () => {
  await clearCloudFaults(cloudinaryUrl);
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

async function upload(bytes: Buffer, purpose = 'profile'): Promise<ImageBody> {
  const res = await app.request
    .post('/api/v1/uploads')
    .set(login.headers)
    .field('purpose', purpose)
    .attach('file', bytes, { filename: 'me.jpg', contentType: 'image/jpeg' });
  expect(res.status, res.text).toBe(202);
  expect(res.headers['location']).toBe(`/api/v1/uploads/${(res.body as ImageBody).id}`);
  return res.body as ImageBody;
}

async function stateOf(id: string): Promise<ImageBody> {
  const res = await app.request.get(`/api/v1/uploads/${id}`).set(login.headers);
  expect(res.headers['cache-control']).toBe('no-store');
  return res.body as ImageBody;
}

function ended(id: string): Promise<ImageBody> {
  return eventually(async () => {
    const image = await stateOf(id);
    expect(image.status).not.toBe('pending');
    return image;
  }, 25_000);
}

describe('an uploaded picture', () => {
  it('is shown in nine variants without its metadata, kept as it was for nobody, and leaves no bytes here', async () => {
    const original = await jpegWithGps({ width: 1000, height: 600 });
    expect(original.includes('Acme')).toBe(true);
    expect((await sharp(original).metadata()).orientation).toBe(6);
    const { id, status } = await upload(original);
    expect(status).toBe('pending');
    const image = await ended(id);
    expect(image).toMatchObject({ status: 'ready', reason: null, picture: { imageId: id, width: 600, height: 1000 } });
    expect(image.picture?.blurhash).toMatch(/^.{20,}$/);
    expect(await originals().countDocuments()).toBe(0);
    const assets = await listCloudAssets(cloudinaryUrl);
    expect(assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted()).toEqual(imagesOf(id));
    for (const size of ['small', 'medium', 'large']) {
      for (const format of ['avif', 'webp', 'jpg']) {
        const url = image.picture?.urlTemplate.replaceAll('{size}', size).replaceAll('{format}', format) ?? '';
        const answer = await fetch(url);
        expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        const found = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
        expect(found.exif, url).toBeUndefined();
        // Turned as it was held, and never enlarged.
        expect(found.width).toBe({ small: 320, medium: 600, large: 600 }[size]);
      }
    }
    const bare = await fetch(`${cloudinaryUrl}/quickbite-local/image/private/quickbite/${id}/original.jpg`);
    expect(bare.status).toBe(404);
  });

  it('is shown by the person once it is ready, and goes from everywhere when another takes its place', async () => {
    const first = await upload(await jpegWithGps());
    const put = await app.request.put('/api/v1/me/picture').set(login.headers).send({ imageId: first.id });
    expect(put.status, put.text).toBe(200);
    const url = await eventually(async () => {
      const res = await app.request.get('/api/v1/me').set(login.headers);
      const body = res.body as { imageUrl: string | null };
      expect(body.imageUrl).not.toBeNull();
      return body.imageUrl ?? '';
    }, 25_000);
    expect((await fetch(url)).status).toBe(200);
    const second = await upload(await jpegWithGps());
    await ended(second.id);
    await app.request.put('/api/v1/me/picture').set(login.headers).send({ imageId: second.id });
    await eventually(async () => {
      expect(await images().countDocuments({ _id: first.id })).toBe(0);
    });
    expect((await fetch(url)).status).toBe(404);
    expect(await UserModel.findById(login.userId, { imageId: 1 }).lean()).toMatchObject({ imageId: second.id });
    await app.request.delete('/api/v1/me/picture').set(login.headers);
    await eventually(async () => {
      expect(await listCloudAssets(cloudinaryUrl)).toEqual([]);
    });
  });

  it('has failed for good when it does not decode', async () => {
    const cut = (await jpegWithGps({ width: 2000, height: 2000 })).subarray(0, 3000);
    const { id } = await upload(cut);
    expect(await ended(id)).toMatchObject({ status: 'failed', reason: 'corrupt', picture: null });
    expect(await originals().countDocuments()).toBe(0);
  });

  it('is made all the same after faults of the cloud, without an asset too many', async () => {
    await setCloudFaults(
      cloudinaryUrl,
      { kind: 'fail_after', action: 'upload', times: 1 },
      { kind: 'lose_answer', action: 'upload', times: 1 },
      { kind: 'throttle', action: 'upload', times: 1 },
    );
    const { id } = await upload(await jpegWithGps());
    expect(await ended(id)).toMatchObject({ status: 'ready' });
    const assets = await listCloudAssets(cloudinaryUrl);
    expect(assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted()).toEqual(imagesOf(id));
    // Again, as after a crash right before the end: nothing changes.
    const before = await images().findOne({ _id: id });
    await makeImage(id);
    expect(await images().findOne({ _id: id })).toEqual(before);
  }, 40_000);
});

describe('a clip', () => {
  async function sendClip(film: Buffer): Promise<DirectUploadBody> {
    const res = await app.request.post('/api/v1/uploads/signature').set(login.headers).send({ purpose: 'clip' });
    expect(res.status, res.text).toBe(201);
    const signed = res.body as DirectUploadBody;
    const form = new FormData();
    for (const [name, value] of Object.entries(signed.fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(film)]), 'clip.mp4');
    expect((await fetch(signed.url, { method: 'POST', body: form })).status).toBe(200);
    return signed;
  }

  it('goes directly to the cloud, is looked at, and is shown with its dish', async () => {
    const { image } = await sendClip(mp4Of({ seconds: 12, bytes: 300_000 }));
    const ready = await ended(image.id);
    expect(ready).toMatchObject({ status: 'ready', durationSeconds: 12, picture: null });
    const kitchen = await createKitchen({ ownerId: login.userId });
    const put = await app.request
      .put(`/api/v1/items/${kitchen.lassi.id}/clip`)
      .set(login.headers)
      .send({ imageId: image.id });
    expect(put.status, put.text).toBe(200);
    const item = await MenuItemModel.findById(kitchen.lassi.id).lean();
    expect(item).toMatchObject({ clipImageId: image.id, clipUrl: ready.clipUrl });
    const answer = await fetch(ready.clipUrl ?? '');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  });

  it.each([
    ['too_long', mp4Of({ seconds: 31 })],
    ['too_large', mp4Of({ seconds: 5, bytes: 26 * 1024 * 1024 })],
  ])('is %s: nobody ever sees it', async (reason, film) => {
    const { image } = await sendClip(film);
    expect(await ended(image.id)).toMatchObject({ status: 'failed', reason, clipUrl: null });
    await eventually(async () => {
      expect(await listCloudAssets(cloudinaryUrl)).toEqual([]);
    });
  });
});
