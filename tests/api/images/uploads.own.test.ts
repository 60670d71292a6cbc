import '../../setup/without-rate-limits.ts';
import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { images, originals } from '../../../src/modules/images/image.model.ts';
import { getUploadRoute, type ImageBody } from '../../../src/modules/images/images.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createImage } from '../../factories/image.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { drawPicture } from '../../support/pictures.ts';
import { errorOf } from '../../support/responses.ts';
import { sendFile } from '../../support/uploads.ts';

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

const at = (id: string) => `/api/v1/uploads/${id}`;
const get = (id: string, { headers }: Login = login) => app.request.get(at(id)).set(headers);
const remove = (id: string, { headers }: Login = login) => app.request.delete(at(id)).set(headers);

describe('GET /uploads/:imageId', () => {
  it('shows its owner and the office what has become of it, and keeps it out of every cache', async () => {
    const { _id } = await createImage({ ownerId: login.userId, attachedTo: { kind: 'dish', id: newId() } });
    for (const who of [login, await logInAs({ roles: ['support'] }), await logInAs({ roles: ['admin'] })]) {
      const res = await get(_id, who).expect(200);
      expectContract(getUploadRoute, res);
      expect(res.headers['cache-control']).toBe('no-store');
      const { imageUrl, picture } = res.body as ImageBody;
      expect(imageUrl).toBe(picture?.urlTemplate.replaceAll('{size}', 'medium').replaceAll('{format}', 'jpg'));
      expect(picture?.blurhash).not.toBe('');
    }
  });

  it('says why it failed', async () => {
    const failed = { status: 'failed', reason: 'too_long', picture: null } as const;
    const { _id } = await createImage({ ownerId: login.userId, ...failed });
    expect((await get(_id)).body).toMatchObject({ ...failed, imageUrl: null });
  });

  it('is not found for others, once removed, for what never was, and without a login', async () => {
    const foreign = await createImage();
    const removed = await createImage({ ownerId: login.userId, status: 'removed' });
    for (const id of [foreign._id, removed._id, newId()]) {
      expect(errorOf(await get(id).expect(404)).code).toBe('not_found');
    }
    await app.request.get(at(foreign._id)).expect(401);
    await get('no-id').expect(400);
  });
});

describe('DELETE /uploads/:imageId', () => {
  it('takes back what is shown nowhere: its bytes go now, its assets by a promise', async () => {
    const res = await sendFile(app, login, { bytes: await drawPicture().jpeg().toBuffer() });
    const { id } = res.body as ImageBody;
    await remove(id).expect(204);
    await get(id).expect(404);
    await remove(id).expect(404);
    expect(await originals().countDocuments()).toBe(0);
    expect(await images().findOne({ _id: id })).toMatchObject({ status: 'removed' });
    expect(await OutboxModel.countDocuments({ event: 'image.removed', 'payload.imageId': id })).toBe(1);
  });

  it('leaves what is shown, and whatever belongs to somebody else, also to the office', async () => {
    const shown = await createImage({ ownerId: login.userId, attachedTo: { kind: 'dish', id: newId() } });
    const refused = await remove(shown._id);
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'image_in_use']);
    const foreign = await createImage();
    await remove(foreign._id).expect(404);
    await remove(foreign._id, await logInAs({ roles: ['admin'] })).expect(404);
    await app.request.delete(at(foreign._id)).expect(401);
    expect(await images().countDocuments({ status: 'ready' })).toBe(2);
  });

  it('lets go of what has failed, though a row was to show it', async () => {
    const attachedTo = { kind: 'dish', id: newId() } as const;
    const { _id } = await createImage({ ownerId: login.userId, status: 'failed', reason: 'corrupt', attachedTo });
    await remove(_id).expect(204);
  });

  it('is done once, however many ask at once', async () => {
    const { _id } = await createImage({ ownerId: login.userId });
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(_id)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await OutboxModel.countDocuments({ event: 'image.removed' })).toBe(1);
  });
});
