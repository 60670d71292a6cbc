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
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { putAsset } from '../../../src/infra/storage/index.ts';
import { originalAsset } from '../../../src/modules/images/asset-names.ts';
import { signUpload } from '../../../src/modules/images/direct-uploads.service.ts';
import { images, type ImageRow } from '../../../src/modules/images/image.model.ts';
import { DAY_MS, HOUR_MS } from '../../../src/modules/images/image-limits.ts';
import { forgetImages, sweepImages, sweepRemoteAssets } from '../../../src/modules/images/index.ts';
import { remoteSweeps } from '../../../src/modules/images/remote-sweep.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId, newSecretId } from '../../../src/shared/ids.ts';
import { createImage } from '../../factories/image.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { drawPicture } from '../../support/pictures.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const { cloudinaryUrl } = localCloud;
let app: TestApp;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  jpeg = await drawPicture().jpeg().toBuffer();
});
beforeEach(() => clearCloudFaults(cloudinaryUrl));
afterEach(async () => {
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

function longAgo(ms = DAY_MS): Pick<ImageRow, 'createdAt' | 'sweepAt'> {
  return { createdAt: addMs(now(), -ms - 1000), sweepAt: addMs(now(), -1000) };
}

async function gone(id: string): Promise<void> {
  await eventually(async () => {
    expect(await images().countDocuments({ _id: id })).toBe(0);
  });
}

describe('sweepImages', () => {
  it('removes what was shown nowhere for a day, with its assets, and nothing else', async () => {
    const unused = await createImage(longAgo());
    const shown = await createImage({ ...longAgo(), attachedTo: { kind: 'dish', id: newId() } });
    const fresh = await createImage();
    await putAsset(originalAsset(unused), jpeg);
    await sweepImages();
    await gone(unused._id);
    expect(await listCloudAssets(cloudinaryUrl)).toEqual([]);
    expect(await images().countDocuments({ _id: { $in: [shown._id, fresh._id] }, status: 'ready' })).toBe(2);
    expect(await images().findOne({ _id: shown._id })).toMatchObject({ sweepAt: null });
  });

  it('takes up what is stuck, and ends it after a day', async () => {
    const stuck = await createImage({ ...longAgo(HOUR_MS), status: 'pending', picture: null });
    const lost = await createImage({ ...longAgo(), status: 'pending', picture: null });
    await sweepImages();
    // Its bytes were never stored, so that is what the worker finds.
    await eventually(async () => {
      expect(await images().findOne({ _id: stuck._id })).toMatchObject({ status: 'failed', reason: 'corrupt' });
    });
    expect(await images().findOne({ _id: lost._id })).toMatchObject({ status: 'failed', reason: 'timed_out' });
  });

  it('asks the cloud about a direct upload whose callback was lost, and ends one that never came', async () => {
    await setCloudCallbacks(cloudinaryUrl, { drop: true });
    const actor = { userId: newId(), roles: ['customer' as const], sessionId: newId() };
    const [came, never] = await Promise.all([
      signUpload({ purpose: 'dish' }, actor),
      signUpload({ purpose: 'dish' }, actor),
    ]);
    await putAsset(originalAsset(came.image), jpeg);
    await images().updateMany({}, { $set: longAgo(2 * HOUR_MS) });
    await sweepImages();
    await eventually(async () => {
      expect(await images().findOne({ _id: came.image._id })).toMatchObject({ status: 'ready', format: 'jpg' });
      expect(await images().findOne({ _id: never.image._id })).toMatchObject({
        status: 'failed',
        reason: 'not_uploaded',
      });
    }, 20_000);
  }, 30_000);

  it('tries again to remove what the cloud would not remove', async () => {
    await setCloudFaults(cloudinaryUrl, { kind: 'fail_before', action: 'destroy', times: 1 });
    const left = await createImage({ ...longAgo(), status: 'removed' });
    await putAsset(originalAsset(left), jpeg);
    await sweepImages();
    await gone(left._id);
    expect(await listCloudAssets(cloudinaryUrl)).toEqual([]);
  }, 30_000);

  it('finds what is due by its index', async () => {
    await createImage(longAgo());
    const plans = await explainQueries(() => sweepImages());
    expect(plans.filter(({ command }) => command.endsWith(' images')).flatMap(({ stages }) => stages)).not.toContain(
      'COLLSCAN',
    );
  });
});

describe('sweepRemoteAssets', () => {
  async function walk(): Promise<number> {
    let dropped = 0;
    for (let page = 0; page < 4; page += 1) {
      await remoteSweeps().updateOne({ _id: 'remote' }, { $set: { nextAt: now() } });
      dropped += await sweepRemoteAssets();
    }
    return dropped;
  }

  it('removes old assets of no row from our folder, and touches nothing outside it', async () => {
    const known = await createImage({ attachedTo: { kind: 'dish', id: newId() } });
    const orphan = { _id: newSecretId(), purpose: 'dish' as const };
    const young = { _id: newSecretId(), purpose: 'dish' as const };
    for (const row of [known, orphan, young]) await putAsset(originalAsset(row), jpeg);
    await putAsset({ ...originalAsset(known), path: `${known._id}/left-over`, access: 'upload' }, jpeg);
    await ageCloudAssets(cloudinaryUrl, `quickbite/${known._id}`, 3 * 3600);
    await ageCloudAssets(cloudinaryUrl, `quickbite/${orphan._id}`, 3 * 3600);
    expect(await walk()).toBe(2);
    const left = await listCloudAssets(cloudinaryUrl);
    expect(left.map(({ publicId }) => publicId).toSorted()).toEqual(
      [known, young].map(({ _id }) => `quickbite/${_id}/original`).toSorted(),
    );
  });

  it('goes on in one turn while there is more, and the next turn goes on behind it', async () => {
    const tiny = await drawPicture({ width: 1, height: 1 }).png().toBuffer();
    const paths = Array.from({ length: 501 }, (_, n) => `${n.toString(16).padStart(24, '0')}/large-avif`);
    const put = (path: string) => putAsset({ path, access: 'upload', kind: 'image' }, tiny);
    for (let at = 0; at < paths.length; at += 25) await Promise.all(paths.slice(at, at + 25).map(put));
    await ageCloudAssets(cloudinaryUrl, `quickbite/${paths.at(-1)}`, 3 * 3600);
    expect(await sweepRemoteAssets()).toBe(1);
    expect(await listCloudAssets(cloudinaryUrl)).toHaveLength(500);
    expect(await remoteSweeps().findOne({ _id: 'remote' })).toMatchObject({ list: 0, cursor: null });
  }, 60_000);

  it('is one turn in five minutes, however many ask', async () => {
    await Promise.all([sweepRemoteAssets(), sweepRemoteAssets(), sweepRemoteAssets()]);
    const before = await remoteSweeps().findOne({ _id: 'remote' });
    await sweepRemoteAssets();
    expect(await remoteSweeps().findOne({ _id: 'remote' })).toEqual(before);
  });
});

describe('forgetImages', () => {
  it('removes what is the person’s own, and leaves what others show without a name', async () => {
    const ownerId = newId();
    const face = await createImage({ ownerId, purpose: 'profile', attachedTo: { kind: 'profile', id: ownerId } });
    const spare = await createImage({ ownerId });
    const dish = await createImage({ ownerId, attachedTo: { kind: 'dish', id: newId() } });
    const plans = await explainQueries(() => withTransaction((tx) => forgetImages(tx, ownerId)));
    expect(plans.filter(({ command }) => command.endsWith(' images')).flatMap(({ stages }) => stages)).not.toContain(
      'COLLSCAN',
    );
    await Promise.all([face, spare].map(({ _id }) => gone(_id)));
    expect(await images().findOne({ _id: dish._id })).toMatchObject({ ownerId: null, status: 'ready' });
  });
});
