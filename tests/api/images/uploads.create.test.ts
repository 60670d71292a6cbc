import '../../setup/without-rate-limits.ts';
import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { images, originals } from '../../../src/modules/images/image.model.ts';
import { createUploadRoute, type ImageBody } from '../../../src/modules/images/images.schema.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { errorOf } from '../../support/responses.ts';
import { sendFile } from '../../support/uploads.ts';

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

describe('POST /uploads', () => {
  it.each([
    ['jpeg', 'dish.jpg', 'image/jpeg'],
    ['png', 'dish.png', 'image/png'],
    ['webp', 'dish.webp', 'image/webp'],
    ['avif', 'dish.avif', 'image/avif'],
  ] as const)('takes a %s at once, and promises the rest in the same transaction', async (format, name, type) => {
    const bytes = await drawPicture()[format]().toBuffer();
    const res = await sendFile(app, login, { bytes, name, type });
    expect(res.status, res.text).toBe(202);
    expectContract(createUploadRoute, res);
    const image = res.body as ImageBody;
    expect(res.headers['location']).toBe(`/api/v1/uploads/${image.id}`);
    expect(res.headers['cache-control']).toBe('no-store');
    expect(image).toMatchObject({ status: 'pending', purpose: 'dish', width: 640, height: 480, bytes: bytes.length });
    expect(image).toMatchObject({ imageUrl: null, picture: null, clipUrl: null, attachedTo: null, isAwaited: false });
    const original = await originals().findOne({ _id: image.id });
    expect(Buffer.from(original?.content.buffer ?? []).equals(bytes)).toBe(true);
    // Without its bytes and without a word about the person.
    const [promise] = await OutboxModel.find({ event: 'image.uploaded' }).lean();
    expect(promise?.payload).toEqual({ imageId: image.id });
  });

  it.each(['restaurant', 'dish', 'profile', 'review', 'proof'])('is for a %s when it says so', async (purpose) => {
    const res = await sendFile(app, login, { bytes: jpeg, purpose });
    expect([res.status, (res.body as ImageBody).purpose]).toEqual([202, purpose]);
  });

  it.each([
    ['a clip, which goes directly', { purpose: 'clip' }, '400 validation_failed'],
    ['an unknown purpose', { purpose: 'banner' }, '400 validation_failed'],
    ['no purpose', { purpose: '' }, '400 validation_failed'],
    ['what is no picture', { bytes: Buffer.from('hello') }, '415 image_type_unsupported'],
    ['another ending', { name: 'dish.png' }, '415 image_type_unsupported'],
    ['a path for a name', { name: 'a\\b.jpg' }, '422 image_unusable'],
    ['only the first bytes', { bytes: Buffer.from('ffd8ffe000104a46494600', 'hex') }, '422 image_unusable'],
    ['too many bytes', { bytes: Buffer.alloc(10 * 1024 * 1024 + 1) }, '413 payload_too_large'],
  ])('refuses %s, and writes nothing', async (_name, changes, answer) => {
    const before = await hashDatabase();
    const res = await sendFile(app, login, { bytes: jpeg, ...changes });
    expect(`${res.status} ${errorOf(res).code ?? ''}`, res.text).toBe(answer);
    expect(await hashDatabase()).toEqual(before);
  });

  it('refuses another text field, a second file and a file under another name', async () => {
    const post = () => app.request.post('/api/v1/uploads').set(login.headers).field('purpose', 'dish');
    const file = { filename: 'dish.jpg', contentType: 'image/jpeg' };
    const answers = [
      await post().field('ownerId', 'somebody').attach('file', jpeg, file),
      await post().attach('file', jpeg, file).attach('file', jpeg, file),
      await post().attach('photo', jpeg, file),
      await post(),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(await images().countDocuments()).toBe(0);
  });

  it('is for whoever is logged in', async () => {
    const res = await app.request.post('/api/v1/uploads').field('purpose', 'dish').attach('file', jpeg, 'dish.jpg');
    expect([res.status, errorOf(res).code]).toEqual([401, 'unauthenticated']);
  });
});
