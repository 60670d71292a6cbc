import '../setup/without-rate-limits.ts';
import '../setup/with-small-upload-quota.ts';
import '../setup/with-local-cloud.ts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { images } from '../../src/modules/images/image.model.ts';
import type { ImageBody } from '../../src/modules/images/images.schema.ts';
import { createUpload } from '../../src/modules/images/uploads.service.ts';
import { makeVariants } from '../../src/modules/images/variants.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { floodPng } from '../support/hostile-pictures.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { drawPicture, jpegWithGps } from '../support/pictures.ts';
import { errorOf } from '../support/responses.ts';
import { sendFile } from '../support/uploads.ts';

let app: TestApp;
let login: Login;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  jpeg = await drawPicture().jpeg().toBuffer();
});
beforeEach(async () => {
  login = await logInAs();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('case 43: a picture that is made to hurt', () => {
  it.each([8_000, 60_000, 2_000_000_000])('of %i pixels a side is refused before a pixel is decoded', async (side) => {
    const before = await hashDatabase();
    const heap = process.memoryUsage().rss;
    const res = await sendFile(app, login, { bytes: floodPng(side), name: 'dish.png', type: 'image/png' });
    expect(res.status, res.text).toBe(422);
    expect(errorOf(res).code).toBe('image_unusable');
    expect(process.memoryUsage().rss - heap).toBeLessThan(100 * 1024 * 1024);
    expect(await hashDatabase()).toEqual(before);
  });

  it('of more than ten megabytes is 413, also when no length was announced', async () => {
    const before = await hashDatabase();
    const big = Buffer.concat([jpeg, Buffer.alloc(10 * 1024 * 1024)]);
    const res = await sendFile(app, login, { bytes: big });
    expect(res.status).toBe(413);
    const form = new FormData();
    form.set('purpose', 'dish');
    form.set('file', new Blob([new Uint8Array(big)], { type: 'image/jpeg' }), 'dish.jpg');
    const encoded = new Response(form);
    const streamed = await fetch(`${app.url}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...login.headers, 'Content-Type': encoded.headers.get('content-type') ?? '' },
      body: encoded.body,
      duplex: 'half',
    }).catch(() => null);
    // Refused in the middle of sending, the answer may not get through.
    if (streamed !== null) expect(streamed.status).toBe(413);
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    ['a path', '../../etc/passwd.jpg'],
    ['a Windows path', '..\\..\\boot.jpg'],
    ['an absolute path', '/etc/passwd.jpg'],
    ['a NUL', 'dish\u0000.php.jpg'],
    ['a turned direction', 'dish\u202egpj.exe.jpg'],
    ['300 characters', `${'a'.repeat(300)}.jpg`],
  ])('with %s in its name is refused', async (_name, name) => {
    const before = await hashDatabase();
    // By hand: the test client would send the last part of a path only.
    const form = new FormData();
    form.set('purpose', 'dish');
    form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), name);
    const res = await fetch(`${app.url}/api/v1/uploads`, { method: 'POST', headers: login.headers, body: form });
    // Some of these do not even make a part of a multipart body.
    expect([400, 422], await res.text()).toContain(res.status);
    expect(await hashDatabase()).toEqual(before);
  });

  it('is called by a name of ours that nothing of its own name is in', async () => {
    const res = await sendFile(app, login, { bytes: jpeg, name: 'canary-name.jpg' });
    const { id } = res.body as ImageBody;
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(JSON.stringify(await images().findOne({ _id: id }))).not.toContain('canary');
  });

  it('beyond the day’s quota is 429, exactly, however many come at once', async () => {
    const actor = { userId: login.userId, roles: ['customer' as const], sessionId: login.sessionId };
    const file = { bytes: jpeg, name: 'dish.jpg', declaredType: 'image/jpeg' };
    const tries = Array.from({ length: 12 }, () => createUpload({ purpose: 'dish', file }, actor));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await images().countDocuments({ ownerId: login.userId })).toBe(5);
    const res = await sendFile(app, login, { bytes: jpeg });
    expect([res.status, errorOf(res).code]).toEqual([429, 'image_quota_used']);
    expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
    // Of this person alone.
    expect((await sendFile(app, await logInAs(), { bytes: jpeg })).status).toBe(202);
  });

  it('shows nothing of where it was taken', async () => {
    const original = await jpegWithGps();
    expect(original.includes('Acme')).toBe(true);
    await makeVariants(original, async ({ bytes }) => {
      const { exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata();
      expect([exif, xmp, iptc, icc, orientation]).toEqual([undefined, undefined, undefined, undefined, undefined]);
      expect(bytes.includes('Acme')).toBe(false);
    });
  });
});
