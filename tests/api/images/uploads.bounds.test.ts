import '../../setup/without-rate-limits.ts';
import '../../setup/with-small-upload-quota.ts';
import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { signUpload } from '../../../src/modules/images/direct-uploads.service.ts';
import { images, quotas } from '../../../src/modules/images/image.model.ts';
import { createUpload } from '../../../src/modules/images/uploads.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { watchDescriptors } from '../../support/descriptors.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { errorOf } from '../../support/responses.ts';
import { holdUpload, sendFile } from '../../support/uploads.ts';

const LIMIT = 5;
const MEGABYTE = 1024 * 1024;
let app: TestApp;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  jpeg = await drawPicture().jpeg().toBuffer();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('the quota of a day', () => {
  it('is met exactly by 30 uploads of both kinds at once, and a refused one takes nothing', async () => {
    for (let round = 0; round < 3; round += 1) {
      const actor = { userId: newId(), roles: ['customer' as const], sessionId: newId() };
      const file = { bytes: jpeg, name: 'dish.jpg', declaredType: 'image/jpeg' };
      const tries = Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0 ? createUpload({ purpose: 'dish', file }, actor) : signUpload({ purpose: 'dish' }, actor),
      );
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'image_quota_used' });
      }
      expect(await images().countDocuments({ ownerId: actor.userId })).toBe(LIMIT);
      expect(await quotas().findOne({ _id: { $gt: `${actor.userId}-`, $lt: `${actor.userId}~` } })).toMatchObject({
        count: LIMIT,
      });
    }
  }, 60_000);

  it('counts bytes, too', async () => {
    const login = await logInAs();
    expect((await sendFile(app, login, { bytes: jpeg })).status).toBe(202);
    await quotas().updateMany({}, { $set: { bytes: config.images.uploadBytesPerDay - jpeg.length } });
    expect((await sendFile(app, login, { bytes: jpeg })).status).toBe(202);
    const res = await sendFile(app, login, { bytes: jpeg });
    expect([res.status, errorOf(res).code]).toEqual([429, 'image_quota_used']);
  });
});

describe('uploads on their way', () => {
  it('are two of one person, and 80 MB of all; more are 503 at once, and hold no memory', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => logInAs()));
    const stranger = await logInAs();
    const descriptorsMore = watchDescriptors();
    const rssBefore = process.memoryUsage.rss();
    const [first] = people;
    if (first === undefined) throw new Error('nobody');
    const held = await Promise.all([holdUpload(app, first, MEGABYTE), holdUpload(app, first, MEGABYTE)]);
    await eventually(async () => {
      const third = await sendFile(app, first, { bytes: jpeg });
      expect([third.status, errorOf(third).code]).toEqual([503, 'overloaded']);
    });
    for (const { socket } of held) socket.destroy();
    // Ninety megabytes announced and nearly sent: what would be the ninth is told so while it comes.
    const all = await Promise.all(
      [...people, ...people].map((who) => eventually(() => holdUpload(app, who, 9 * MEGABYTE))),
    );
    await eventually(() => {
      const refused = all.filter(({ answer }) => answer().includes('overloaded'));
      expect(refused.length).toBeGreaterThanOrEqual(2);
      for (const { answer } of refused) expect(answer()).toMatch(/^HTTP\/1.1 503 .*Retry-After: 2/s);
    });
    // Eighty megabytes, twice as the parser joins them, and what this test itself sends.
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(400 * MEGABYTE);
    for (const { socket } of all) socket.destroy();
    await eventually(() => {
      expect(descriptorsMore()).toBeLessThanOrEqual(5);
    });
    await eventually(async () => {
      expect((await sendFile(app, stranger, { bytes: jpeg })).status).toBe(202);
    });
  }, 60_000);
});
