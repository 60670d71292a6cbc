import '../../setup/without-rate-limits.ts';
import '../../setup/with-short-cloud-timeout.ts';
import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearCloudAssets,
  clearCloudFaults,
  listCloudAssets,
  setCloudFaults,
} from '../../../scripts/local-cloud/control-client.ts';
import { config } from '../../../src/config/index.ts';
import {
  dropAsset,
  fetchAsset,
  findAsset,
  listAssets,
  publishAsset,
  putAsset,
} from '../../../src/infra/storage/index.ts';
import { images } from '../../../src/modules/images/image.model.ts';
import type { ImageBody } from '../../../src/modules/images/images.schema.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { watchDescriptors } from '../../support/descriptors.ts';
import { eventually } from '../../support/eventually.ts';
import { imagesOf } from '../../support/images.ts';
import { logInAs } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { sendFile } from '../../support/uploads.ts';

const { cloudinaryUrl } = localCloud;
let app: TestApp;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  jpeg = await drawPicture().jpeg().toBuffer();
});
beforeEach(() => clearCloudFaults(cloudinaryUrl));
afterEach(async () => {
  await clearCloudFaults(cloudinaryUrl);
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

const name = { path: '65f0c0ffee0000000000abcd/original', access: 'private', kind: 'image' } as const;
const calls: [string, () => Promise<unknown>][] = [
  ['upload', () => putAsset(name, jpeg)],
  ['destroy', () => dropAsset(name)],
  ['resource', () => findAsset(name)],
  ['rename', () => publishAsset(name, '65f0c0ffee0000000000abcd/clip')],
  ['download', () => fetchAsset(name, { format: 'jpg', maxBytes: 1_000_000 })],
  ['resources', () => listAssets(name, { cursor: null, limit: 10 })],
];

/** Whatever a failure carries may end in the queue. */
function textOf(error: Error): string {
  return `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
}

describe('a call to the image cloud', () => {
  it.each(calls)('%s that hangs is given up in time, and says nothing of our key', async (action, call) => {
    await setCloudFaults(cloudinaryUrl, { kind: 'hang_before', ms: 8_000, action: action as 'upload' });
    const start = performance.now();
    const error = await call().then(
      () => null,
      (cause: unknown) => cause as Error,
    );
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(error?.name, action).toMatch(/StorageFailure/);
    expect(textOf(error ?? new Error('none'))).not.toContain(config.images.apiSecret);
    expect(textOf(error ?? new Error('none'))).not.toContain(config.images.apiKey);
  });

  it.each(calls)('%s that is throttled, refused or cut fails with the status alone', async (action, call) => {
    for (const kind of ['throttle', 'fail_before', 'lose_answer'] as const) {
      await setCloudFaults(cloudinaryUrl, { kind, action: action as 'upload' });
      const error = await call().then(
        () => null,
        (cause: unknown) => cause as Error,
      );
      // Where there is nothing, the vendor says so before its answer could get lost.
      if (kind === 'lose_answer' && error === null) continue;
      expect(error?.name, `${action} ${kind}`).toBe('StorageFailure');
      expect(textOf(error ?? new Error('none'))).not.toContain(config.images.apiSecret);
      await clearCloudFaults(cloudinaryUrl);
    }
  });
});

describe('a picture while the cloud hangs', () => {
  it('is taken all the same, and made when the cloud is back; no descriptor is left', async () => {
    const login = await logInAs();
    const descriptorsMore = watchDescriptors();
    await setCloudFaults(cloudinaryUrl, { kind: 'hang_before', ms: 4_000, times: 3, action: 'upload' });
    const start = performance.now();
    const res = await sendFile(app, login, { bytes: jpeg });
    expect(res.status).toBe(202);
    // No vendor inside a request.
    expect(performance.now() - start).toBeLessThan(2_000);
    const { id } = res.body as ImageBody;
    await eventually(async () => {
      expect(await images().findOne({ _id: id })).toMatchObject({ status: 'ready' });
    }, 40_000);
    const assets = await listCloudAssets(cloudinaryUrl);
    expect(assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted()).toEqual(imagesOf(id));
    await eventually(() => {
      expect(descriptorsMore()).toBeLessThanOrEqual(8);
    });
  }, 60_000);
});
