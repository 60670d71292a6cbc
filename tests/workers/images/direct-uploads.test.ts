import '../../setup/without-rate-limits.ts';
import { localCloud } from '../../setup/with-local-cloud.ts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearCloudAssets, listCloudAssets, setCloudCallbacks } from '../../../scripts/local-cloud/control-client.ts';
import { images } from '../../../src/modules/images/image.model.ts';
import { sweepImages } from '../../../src/modules/images/index.ts';
import type { DirectUploadBody, ImageBody } from '../../../src/modules/images/images.schema.ts';
import { now } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { imagesOf } from '../../support/images.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { jpegWithGps, mp4Of } from '../../support/pictures.ts';

const { cloudinaryUrl } = localCloud;
let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  login = await logInAs();
  await setCloudCallbacks(cloudinaryUrl, { url: `${app.url}/api/v1/webhooks/images/cloudinary`, drop: false });
});
afterEach(async () => {
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

async function sign(purpose: string): Promise<DirectUploadBody> {
  const res = await app.request.post('/api/v1/uploads/signature').set(login.headers).send({ purpose });
  expect(res.status, res.text).toBe(201);
  return res.body as DirectUploadBody;
}

/** As a page sends it: the fields as they stand, then the file. */
function send({ url, fields }: DirectUploadBody, bytes: Buffer, name: string): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([new Uint8Array(bytes)]), name);
  return fetch(url, { method: 'POST', body: form, headers: { Origin: 'https://quickbite.example' } });
}

async function ended(id: string): Promise<ImageBody> {
  return eventually(async () => {
    const res = await app.request.get(`/api/v1/uploads/${id}`).set(login.headers).expect(200);
    const image = res.body as ImageBody;
    expect(image.status).not.toBe('pending');
    return image;
  }, 25_000);
}

async function namesInCloud(): Promise<string[]> {
  const assets = await listCloudAssets(cloudinaryUrl);
  return assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted();
}

describe('a large picture that goes directly to the cloud', () => {
  it('becomes like any other: nine variants without its metadata, the original for nobody', async () => {
    const signed = await sign('dish');
    const answer = await send(signed, await jpegWithGps({ width: 3000, height: 2000 }), 'dish.jpg');
    // The page that sent it may read the answer.
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const image = await ended(signed.image.id);
    expect(image).toMatchObject({ status: 'ready', isAwaited: false, picture: { width: 1600, height: 2400 } });
    expect(await namesInCloud()).toEqual(imagesOf(image.id));
    const shown = await fetch(image.imageUrl ?? '');
    expect((await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).exif).toBeUndefined();
  }, 40_000);

  it.each([
    [
      'whose bytes do not decode',
      'corrupt',
      async () => (await jpegWithGps({ width: 900, height: 900 })).subarray(0, 2_000),
    ],
    ['of more pixels than may be', 'too_many_pixels', () => flood(8_000)],
  ])(
    '%s fails, and is destroyed',
    async (_name, reason, make) => {
      const signed = await sign('dish');
      expect((await send(signed, await make(), 'dish.jpg')).status).toBe(200);
      expect(await ended(signed.image.id)).toMatchObject({ status: 'failed', reason, imageUrl: null });
      await eventually(async () => {
        expect(await namesInCloud()).toEqual([]);
      });
    },
    40_000,
  );

  it.each(['gif', 'tiff'] as const)('that is a %s is refused by the cloud, and awaited on', async (format) => {
    const bytes = await sharp(await jpegWithGps())
      .toFormat(format)
      .toBuffer();
    const signed = await sign('dish');
    expect((await send(signed, bytes, 'dish.jpg')).status).toBe(400);
    expect(await images().findOne({ _id: signed.image.id })).toMatchObject({ status: 'pending', isAwaited: true });
    expect(await namesInCloud()).toEqual([]);
  });
});

describe('a clip that goes directly to the cloud', () => {
  it.each([
    ['clip.mp4', mp4Of({ seconds: 30 }), 'video/mp4'],
    ['clip.mov', quickTime(mp4Of({ seconds: 8 })), 'video/quicktime'],
  ])('%s is shown as it is', async (name, film, type) => {
    const signed = await sign('clip');
    expect((await send(signed, film, name)).status).toBe(200);
    const image = await ended(signed.image.id);
    expect(image).toMatchObject({ status: 'ready', picture: null });
    const shown = await fetch(image.clipUrl ?? '');
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, type]);
    expect(await namesInCloud()).toEqual([`upload quickbite/${image.id}/clip`]);
  });

  it('that is WebM, or no film, is refused by the cloud', async () => {
    const webm = Buffer.concat([
      Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'),
      Buffer.alloc(500),
    ]);
    for (const film of [webm, await jpegWithGps(), Buffer.from('<html>')]) {
      expect((await send(await sign('clip'), film, 'clip.mp4')).status).toBe(400);
    }
    expect(await namesInCloud()).toEqual([]);
  });

  it('is found by the sweep when its callback got lost', async () => {
    await setCloudCallbacks(cloudinaryUrl, { drop: true });
    const signed = await sign('clip');
    await send(signed, mp4Of({ seconds: 12 }), 'clip.mp4');
    expect(await images().findOne({ _id: signed.image.id })).toMatchObject({ isAwaited: true });
    await images().updateOne({ _id: signed.image.id }, { $set: { sweepAt: now() } });
    await sweepImages();
    expect(await ended(signed.image.id)).toMatchObject({ status: 'ready', durationSeconds: 12 });
  });
});

function quickTime(film: Buffer): Buffer {
  const copy = Buffer.from(film);
  copy.write('qt  ', 8, 'latin1');
  return copy;
}

/** A few hundred kilobytes that are a large white square. */
function flood(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: '#ffffff' }, limitInputPixels: false })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
