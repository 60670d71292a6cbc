import '../../setup/without-rate-limits.ts';
import { localCloud } from '../../setup/with-local-cloud.ts';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { images, quotas } from '../../../src/modules/images/image.model.ts';
import {
  receiveImageCallbackRoute,
  signUploadRoute,
  type DirectUploadBody,
} from '../../../src/modules/images/images.schema.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

const SECRET = localCloud.env['CLOUDINARY_API_SECRET'] ?? '';
let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  login = await logInAs();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function sign(body: object) {
  return app.request.post('/api/v1/uploads/signature').set(login.headers).send(body);
}

describe('POST /uploads/signature', () => {
  it.each([
    ['clip', 'video', 'mp4,mov'],
    ['dish', 'image', 'jpg,png,webp,avif'],
    ['review', 'image', 'jpg,png,webp,avif'],
  ])('makes a form for one %s, signed with all that the cloud must hold it to', async (purpose, kind, formats) => {
    const res = await sign({ purpose });
    expect(res.status, res.text).toBe(201);
    expectContract(signUploadRoute, res);
    const { image, url, fields, maxBytes, expiresAt } = res.body as DirectUploadBody;
    expect(res.headers).toMatchObject({ location: `/api/v1/uploads/${image.id}`, 'cache-control': 'no-store' });
    expect(image).toMatchObject({ status: 'pending', isAwaited: true, purpose });
    expect(url).toMatch(new RegExp(`/v1_1/quickbite-local/${kind}/upload$`));
    const { api_key: key, signature, ...signed } = fields;
    expect(signed).toMatchObject({
      allowed_formats: formats,
      overwrite: 'false',
      public_id: `quickbite/${image.id}/original`,
      type: 'private',
    });
    expect(key).toBe(localCloud.env['CLOUDINARY_API_KEY']);
    const toSign = Object.keys(signed)
      .toSorted()
      .map((name) => `${name}=${signed[name] ?? ''}`)
      .join('&');
    expect(signature).toBe(
      createHash('sha1')
        .update(toSign + SECRET)
        .digest('hex'),
    );
    expect(res.text).not.toContain(SECRET);
    expect([maxBytes, Date.parse(expiresAt) - Date.parse(image.createdAt)]).toEqual([26_214_400, 3_600_000]);
    // The largest that may come counts: how large it is nobody knows yet.
    expect(await quotas().findOne()).toMatchObject({ count: 1, bytes: maxBytes });
  });

  it('refuses what is for nothing, a name of one’s own, and a stranger', async () => {
    const before = await hashDatabase();
    for (const body of [{}, { purpose: 'banner' }, { purpose: 'dish', publicId: 'quickbite/x' }]) {
      expect(errorOf(await sign(body).expect(400)).code).toBe('validation_failed');
    }
    await app.request.post('/api/v1/uploads/signature').send({ purpose: 'dish' }).expect(401);
    expect(await hashDatabase()).toEqual(before);
  });
});

describe('POST /webhooks/images/cloudinary', () => {
  function call(body: string, timestamp = String(Math.floor(Date.now() / 1000))) {
    const signature = createHash('sha1').update(`${body}${timestamp}${SECRET}`).digest('hex');
    return app.request
      .post('/api/v1/webhooks/images/cloudinary')
      .set({ 'Content-Type': 'application/json', 'X-Cld-Timestamp': timestamp, 'X-Cld-Signature': signature })
      .send(body);
  }

  it('promises the work once, of 20 repetitions at once', async () => {
    const { image } = (await sign({ purpose: 'clip' })).body as DirectUploadBody;
    const body = JSON.stringify({ notification_type: 'upload', public_id: `quickbite/${image.id}/original` });
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(body)));
    for (const res of answers) expectContract(receiveImageCallbackRoute, res);
    const taken = answers.filter(({ body: said }) => (said as { result: string }).result === 'taken');
    expect(taken).toHaveLength(1);
    expect(await OutboxModel.countDocuments({ event: 'image.uploaded' })).toBe(1);
    expect(await images().findOne({ _id: image.id })).toMatchObject({ isAwaited: false, status: 'pending' });
  });

  it('refuses a body that was changed, even by a space, one that is too old or too large, and odd stamps', async () => {
    const { image } = (await sign({ purpose: 'clip' })).body as DirectUploadBody;
    const body = JSON.stringify({ notification_type: 'upload', public_id: `quickbite/${image.id}/original` });
    const before = await hashDatabase();
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = createHash('sha1').update(`${body}${stamp}${SECRET}`).digest('hex');
    const changed = await app.request
      .post('/api/v1/webhooks/images/cloudinary')
      .set({ 'Content-Type': 'application/json', 'X-Cld-Timestamp': stamp, 'X-Cld-Signature': signature })
      .send(`${body} `);
    expect([changed.status, errorOf(changed).code]).toEqual([401, 'upload_callback_invalid']);
    for (const odd of ['', '1e9', '-1', `${stamp}.0`, String(Number(stamp) - 7_300), '9'.repeat(30)]) {
      expect((await call(body, odd)).status, odd).toBe(401);
    }
    expect((await call(`{"pad":"${'x'.repeat(300_000)}"}`)).status).toBe(413);
    expect(await hashDatabase()).toEqual(before);
  });
});
