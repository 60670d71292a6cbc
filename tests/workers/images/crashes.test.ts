import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ageCloudAssets,
  clearCloudAssets,
  clearCloudFaults,
  listCloudAssets,
  setCloudCallbacks,
  setCloudFaults,
} from '../../../scripts/local-cloud/control-client.ts';
import type { CloudFaultsInput } from '../../../scripts/local-cloud/cloudinary/faults.ts';
import { putAsset } from '../../../src/infra/storage/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { originalAsset } from '../../../src/modules/images/asset-names.ts';
import { releaseImage } from '../../../src/modules/images/attach-image.service.ts';
import { destroyAssets } from '../../../src/modules/images/destroy-assets.service.ts';
import { signUpload } from '../../../src/modules/images/direct-uploads.service.ts';
import { images, originals, type ImageRow } from '../../../src/modules/images/image.model.ts';
import { sweepImages, sweepRemoteAssets } from '../../../src/modules/images/index.ts';
import { makeImage } from '../../../src/modules/images/make-variants.service.ts';
import { remoteSweeps } from '../../../src/modules/images/remote-sweep.model.ts';
import { createUpload } from '../../../src/modules/images/uploads.service.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createImage } from '../../factories/image.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { imagesOf } from '../../support/images.ts';
import { drawPicture, jpegWithGps, mp4Of } from '../../support/pictures.ts';

const { cloudinaryUrl } = localCloud;
const actor = { userId: newId(), roles: ['customer' as const], sessionId: newId() };
// The jobs are run by hand, so that each can end anywhere.
let app: TestApp;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  await setCloudCallbacks(cloudinaryUrl, { drop: true });
  jpeg = await jpegWithGps();
});
beforeEach(() => clearCloudFaults(cloudinaryUrl));
afterEach(async () => {
  await clearCloudFaults(cloudinaryUrl);
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

type Fault = CloudFaultsInput['faults'][number];

/** The call after `good` good ones goes wrong. `hang_before` by nothing is a good one. */
async function failAfter(good: number, fault: Fault): Promise<void> {
  const { action } = fault;
  const fine: Fault = { kind: 'hang_before', times: good, ms: 0, ...(action === undefined ? {} : { action }) };
  await setCloudFaults(cloudinaryUrl, ...(good === 0 ? [] : [fine]), fault);
}

async function namesInCloud(): Promise<string[]> {
  const assets = await listCloudAssets(cloudinaryUrl);
  return assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted();
}

async function uploaded(): Promise<string> {
  const file = { bytes: jpeg, name: 'dish.jpg', declaredType: 'image/jpeg' };
  return (await createUpload({ purpose: 'dish', file }, actor))._id;
}

/** As a killed worker leaves it: the claim stays until its time is up. */
async function killedWhile(imageId: string): Promise<void> {
  await makeImage(imageId).catch(() => undefined);
  await images().updateOne({ _id: imageId, status: 'pending' }, { $set: { claimedUntil: now() } });
}

describe('a worker that ends in the middle of making a picture', () => {
  const steps = Array.from({ length: 10 }, (_, good) => good);
  const kinds = ['fail_before', 'fail_after', 'lose_answer', 'throttle'] as const;

  it.each(steps)(
    'after %i uploads, in four ways, is followed by one that brings it to the same end',
    async (good) => {
      for (const kind of kinds) {
        const imageId = await uploaded();
        await failAfter(good, { kind, action: 'upload' });
        await killedWhile(imageId);
        expect(await images().findOne({ _id: imageId })).toMatchObject({ status: 'pending' });
        // Its bytes are kept as long as anybody may need them.
        expect(await originals().countDocuments({ _id: imageId })).toBe(1);
        await clearCloudFaults(cloudinaryUrl);
        await makeImage(imageId);
        expect(await images().findOne({ _id: imageId })).toMatchObject({ status: 'ready', attempts: 2 });
        expect(await namesInCloud()).toEqual(imagesOf(imageId));
        expect(await originals().countDocuments()).toBe(0);
        await clearCloudAssets(cloudinaryUrl);
      }
    },
    40_000,
  );

  it.each([0, 4, 9])(
    'after %i uploads, and whose picture was removed before the next, leaves nothing',
    async (good) => {
      const imageId = await uploaded();
      await failAfter(good, { kind: 'fail_after', action: 'upload' });
      await killedWhile(imageId);
      await clearCloudFaults(cloudinaryUrl);
      await withTransaction((tx) => releaseImage(tx, imageId));
      await makeImage(imageId);
      await destroyAssets(imageId);
      expect(await namesInCloud()).toEqual([]);
      expect([await images().countDocuments(), await originals().countDocuments()]).toEqual([0, 0]);
    },
  );

  it('and whose picture is removed under its hands, leaves nothing', async () => {
    const imageId = await uploaded();
    await failAfter(5, { kind: 'hang_before', ms: 1_500, action: 'upload' });
    const making = makeImage(imageId);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await withTransaction((tx) => releaseImage(tx, imageId));
    await destroyAssets(imageId);
    await making;
    expect(await namesInCloud()).toEqual([]);
    expect(await images().countDocuments()).toBe(0);
  });

  it('does not hurt another that came after its claim was over', async () => {
    const imageId = await uploaded();
    await failAfter(3, { kind: 'hang_before', ms: 2_000, action: 'upload' });
    const slow = makeImage(imageId);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await expect(makeImage(imageId)).rejects.toThrow('under way');
    await images().updateOne({ _id: imageId }, { $set: { claimedUntil: now() } });
    await makeImage(imageId);
    const made = await images().findOne({ _id: imageId });
    await slow;
    expect(await images().findOne({ _id: imageId })).toEqual(made);
    expect(await namesInCloud()).toEqual(imagesOf(imageId));
  });
});

describe('a worker that ends in the middle of accepting a clip', () => {
  async function sent(film = mp4Of({ seconds: 12 })): Promise<ImageRow> {
    const { image, url, fields } = await signUpload({ purpose: 'clip' }, actor);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(film)]), 'clip.mp4');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200);
    return image;
  }

  it.each([
    ['resource', 0],
    ['resource', 1],
    ['rename', 0],
  ] as const)('at its %s %i, in three ways, is followed by one that shows it', async (action, good) => {
    for (const kind of ['fail_before', 'fail_after', 'lose_answer'] as const) {
      const { _id } = await sent();
      await failAfter(good, { kind, action });
      await killedWhile(_id);
      await clearCloudFaults(cloudinaryUrl);
      await makeImage(_id);
      const row = await images().findOne({ _id });
      expect(row).toMatchObject({ status: 'ready', durationSeconds: 12, format: 'mp4' });
      expect(await namesInCloud()).toEqual([`upload quickbite/${_id}/clip`]);
      await clearCloudAssets(cloudinaryUrl);
    }
  });

  it('that is too long, while it is destroyed: it goes with its row', async () => {
    const { _id } = await sent(mp4Of({ seconds: 31 }));
    await failAfter(0, { kind: 'fail_before', action: 'destroy', times: 2 });
    await makeImage(_id);
    expect(await images().findOne({ _id })).toMatchObject({ status: 'failed', reason: 'too_long', clipUrl: null });
    expect(await namesInCloud()).toEqual([`private quickbite/${_id}/original`]);
    await clearCloudFaults(cloudinaryUrl);
    await images().updateOne({ _id }, { $set: { sweepAt: now(), createdAt: new Date(Date.now() - 25 * 3_600_000) } });
    await sweepImages();
    expect(await images().findOne({ _id })).toMatchObject({ status: 'removed' });
    await destroyAssets(_id);
    expect([await namesInCloud(), await images().countDocuments()]).toEqual([[], 0]);
  });
});

describe('a worker that ends in the middle of removing', () => {
  it.each([0, 1, 5, 9])(
    'after %i of its assets, is followed by one that finds the rest',
    async (good) => {
      for (const kind of ['fail_before', 'fail_after', 'lose_answer'] as const) {
        const imageId = await uploaded();
        await makeImage(imageId);
        await withTransaction((tx) => releaseImage(tx, imageId));
        await failAfter(good, { kind, action: 'destroy' });
        await expect(destroyAssets(imageId)).rejects.toThrow('the image cloud did not do it');
        expect(await images().countDocuments({ _id: imageId, status: 'removed' })).toBe(1);
        await clearCloudFaults(cloudinaryUrl);
        await destroyAssets(imageId);
        expect([await namesInCloud(), await images().countDocuments()]).toEqual([[], 0]);
      }
    },
    40_000,
  );
});

describe('what nobody took up again', () => {
  it('is found by the walk through the cloud, whatever was left there', async () => {
    const known = await createImage({ ownerId: actor.userId, attachedTo: { kind: 'dish', id: newId() } });
    await putAsset(originalAsset(known), await drawPicture().jpeg().toBuffer());
    const imageId = await uploaded();
    await failAfter(6, { kind: 'fail_before', action: 'upload' });
    await killedWhile(imageId);
    // The database was brought back from before.
    await images().deleteOne({ _id: imageId });
    await ageCloudAssets(cloudinaryUrl, 'quickbite/', 3 * 3600);
    await remoteSweeps().deleteMany({});
    for (let page = 0; page < 4; page += 1) {
      await remoteSweeps().updateOne({ _id: 'remote' }, { $set: { nextAt: now() } });
      await sweepRemoteAssets();
    }
    expect(await namesInCloud()).toEqual([`private quickbite/${known._id}/original`]);
  });
});
