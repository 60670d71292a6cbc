import '../../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { images } from '../../../src/modules/images/image.model.ts';
import { sweepRemoteAssets } from '../../../src/modules/images/index.ts';
import { createImage } from '../../factories/image.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { errorOf } from '../../support/responses.ts';
import { sendFile } from '../../support/uploads.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

/** As a clone is that has no key: the tests have no cloud unless they start one. */
describe('without an image cloud', () => {
  it('uploads are 503 with a time to come back, and nothing is written', async () => {
    const login = await logInAs();
    const answers = [
      await sendFile(app, login, { bytes: await drawPicture().jpeg().toBuffer() }),
      await app.request.post('/api/v1/uploads/signature').set(login.headers).send({ purpose: 'clip' }),
    ];
    for (const res of answers) {
      expect([res.status, errorOf(res).code], res.text).toEqual([503, 'images_unavailable']);
      expect(Number(res.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await images().countDocuments()).toBe(0);
  });

  it('nobody can call back, and what is there can be seen and removed', async () => {
    const login = await logInAs();
    const { _id } = await createImage({ ownerId: login.userId });
    await app.request.get(`/api/v1/uploads/${_id}`).set(login.headers).expect(200);
    await app.request.delete(`/api/v1/uploads/${_id}`).set(login.headers).expect(204);
    const forged = { 'X-Cld-Timestamp': String(Math.floor(Date.now() / 1000)), 'X-Cld-Signature': '0'.repeat(40) };
    await app.request.post('/api/v1/webhooks/images/cloudinary').set(forged).send({ public_id: 'x' }).expect(401);
    expect(await sweepRemoteAssets()).toBe(0);
  });
});
