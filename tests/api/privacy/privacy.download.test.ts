import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exportLink } from '../../../src/modules/privacy/export-link.ts';
import { ExportModel, type ExportRow } from '../../../src/modules/privacy/export.model.ts';
import { addMs, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createExport, createPendingExport } from '../../factories/export.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mailResetLink } from '../../support/links.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

/** The link without its origin, which is the configured one. */
function pathOf({ _id, expiresAt }: Pick<ExportRow, '_id' | 'expiresAt'>): string {
  const { pathname, search } = new URL(exportLink(_id, expiresAt));
  return pathname + search;
}

const NOT_FOUND = { status: 404, body: { error: { code: 'not_found' } } };

describe('GET /exports/:exportId', () => {
  it.each(['gzip', 'identity'])('with its link sends the document to save, to who takes %s', async (encoding) => {
    const row = await createExport();
    const res = await app.request.get(pathOf(row)).set('Accept-Encoding', encoding);
    expect(res).toMatchObject({ status: 200, body: { profile: { id: row.userId } } });
    expect(res.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename=quickbite-${row._id}.json`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(res.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined);
  });

  it('with the link of another export is 404, as if it were not there', async () => {
    const [one, other] = [await createExport(), await createExport()];
    const stolen = pathOf(one).replace(one._id, other._id);
    expect(await app.request.get(stolen)).toMatchObject(NOT_FOUND);
  });

  it('with a time or a signature of one’s own is 404', async () => {
    const row = await createExport();
    const link = pathOf(row);
    const [path = ''] = link.split('?');
    const forged = [
      link.replace(/expires=(\d+)/, (_, seconds: string) => `expires=${Number(seconds) + 3_600}`),
      link.replace(/signature=.{64}/, `signature=${'0'.repeat(64)}`),
      link.replace(/&signature=.*/, ''),
      link.replace(/expires=\d+&/, ''),
      path,
    ];
    for (const attempt of forged) expect(await app.request.get(attempt), attempt).toMatchObject(NOT_FOUND);
  });

  it.each(['signature=x', 'expires=1e9', 'expires[$gt]=1', 'signature[]=a', 'token=1'])(
    'with ?%s is 400',
    async (query) => {
      const { _id } = await createExport();
      expect(await app.request.get(`/api/v1/exports/${_id}?${query}`)).toMatchObject({ status: 400 });
    },
  );

  it('is good to the last second of its time, then 400 link_invalid', async () => {
    const row = await createExport();
    const end = addMs(row.expiresAt, -(row.expiresAt.getTime() % 1000));
    setClock({ frozenAt: addMs(end, -1) });
    await app.request.get(pathOf(row)).expect(200);
    setClock({ frozenAt: end });
    const res = await app.request.get(pathOf(row));
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'link_invalid' } } });
  });

  it('of one that is not ready, or is gone, is 404', async () => {
    const pending = await createPendingExport(newId());
    const gone = await createExport();
    await ExportModel.deleteOne({ _id: gone._id });
    for (const row of [pending, gone]) expect(await app.request.get(pathOf(row))).toMatchObject(NOT_FOUND);
  });
});

describe('the link of an export', () => {
  const SUSPENSION = { status: 'suspended', reason: 'Stolen cards' };

  async function expectDead(path: string): Promise<void> {
    const res = await app.request.get(path);
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'link_invalid' } } });
  }

  it('does not survive a log-out everywhere', async () => {
    const { userId, headers } = await logInAs();
    const path = pathOf(await createExport({ userId }));
    await app.request.get(path).expect(200);
    await app.request.post('/api/v1/auth/logout-all').set(headers).expect(204);
    await expectDead(path);
  });

  it('does not survive a new password', async () => {
    const { userId, user } = await logInAs();
    const path = pathOf(await createExport({ userId }));
    const { token } = await mailResetLink(user);
    const change = { token, password: 'saffron lantern 42' };
    await app.request.post('/api/v1/auth/password/reset').send(change).expect(204);
    await expectDead(path);
  });

  it('does not survive a suspension, nor comes back with the reinstatement', async () => {
    const [admin, { userId }] = [await logInAs({ roles: ['admin'] }), await logInAs()];
    const path = pathOf(await createExport({ userId }));
    const account = `/api/v1/admin/users/${userId}`;
    await app.request.patch(account).set(admin.headers).send(SUSPENSION).expect(200);
    await expectDead(path);
    await app.request.patch(account).set(admin.headers).send({ status: 'active' }).expect(200);
    await expectDead(path);
  });
});
