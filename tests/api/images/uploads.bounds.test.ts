import '../../setup/without-rate-limits.ts';
import '../../setup/with-small-upload-quota.ts';
import '../../setup/with-local-cloud.ts';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { signUpload } from '../../../src/modules/images/direct-uploads.service.ts';
import { images, quotas } from '../../../src/modules/images/image.model.ts';
import { createUpload } from '../../../src/modules/images/uploads.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { errorOf } from '../../support/responses.ts';
import { sendFile } from '../../support/uploads.ts';

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
  const BOUNDARY = 'xxBOUNDARYxx';

  /** Announces a file, sends most of it, and goes no further. */
  function holdUpload({ headers }: Login, bytes: number): Promise<Socket> {
    const { hostname, port } = new URL(app.url);
    const head = [
      'POST /api/v1/uploads HTTP/1.1',
      `Host: ${hostname}:${port}`,
      `Authorization: ${headers.Authorization}`,
      `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
      `Content-Length: ${bytes + 1_000}`,
    ].join('\r\n');
    const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`;
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`${head}\r\n\r\n${part}`);
        socket.write(Buffer.alloc(bytes), () => {
          resolve(socket);
        });
      });
      socket.on('error', () => undefined);
    });
  }

  it('are eight at most, two of one person; more are 503 at once, and hold no memory', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => logInAs()));
    const stranger = await logInAs();
    const before = { descriptors: readdirSync('/proc/self/fd').length, rss: process.memoryUsage.rss() };
    const held: Socket[] = [];
    const [first] = people;
    if (first === undefined) throw new Error('nobody');
    for (let n = 0; n < 2; n += 1) held.push(await holdUpload(first, 9 * MEGABYTE));
    await eventually(async () => {
      const third = await sendFile(app, first, { bytes: jpeg });
      expect([third.status, errorOf(third).code]).toEqual([503, 'overloaded']);
    });
    // Somebody else is served.
    expect((await sendFile(app, stranger, { bytes: jpeg })).status).toBe(202);
    for (const who of people.slice(1)) {
      for (let n = 0; n < 2; n += 1) held.push(await holdUpload(who, 9 * MEGABYTE));
    }
    await eventually(async () => {
      const ninth = await sendFile(app, stranger, { bytes: jpeg });
      expect([ninth.status, errorOf(ninth).code]).toEqual([503, 'overloaded']);
      expect(Number(ninth.headers['retry-after'])).toBeGreaterThan(0);
    });
    const more = await Promise.all(Array.from({ length: 40 }, () => holdUpload(stranger, MEGABYTE)));
    // Eight files of ten megabytes, twice as the parser joins them, and what this test itself sends.
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(400 * MEGABYTE);
    for (const socket of [...held, ...more]) socket.destroy();
    await eventually(() => {
      expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before.descriptors + 5);
    });
    await eventually(async () => {
      expect((await sendFile(app, stranger, { bytes: jpeg })).status).toBe(202);
    });
    expect(await images().countDocuments()).toBe(2);
  }, 60_000);
});
