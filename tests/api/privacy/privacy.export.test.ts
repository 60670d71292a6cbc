import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { ExportModel } from '../../../src/modules/privacy/export.model.ts';
import { getExportRoute, requestExportRoute } from '../../../src/modules/privacy/privacy.schema.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createExport, createPendingExport } from '../../factories/export.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
  await resetRateLimits();
});
afterAll(() => app.stop());

const PATH = '/api/v1/me/export';

function ask(headers: Login['headers'], body: object = { password: PASSWORD }) {
  return app.request.post(PATH).set(headers).send(body);
}

describe('POST /me/export', () => {
  it('is 202, and row, promise and audit are there', async () => {
    const { userId, headers } = await logInAs();
    const res = await ask(headers);
    expectContract(requestExportRoute, answerOf(res));
    const { id } = res.body as { id: string };
    expect(answerOf(res)).toMatchObject({ status: 202, body: { status: 'pending', downloadUrl: null } });
    expect(await ExportModel.findById(id).lean()).toMatchObject({ userId, isOpen: true, content: null });
    expect(await OutboxModel.findOne({ event: 'privacy.export_requested' }).lean()).toMatchObject({
      payload: { exportId: id },
    });
    expect(await AuditModel.findOne({ event: 'account.exported' }).lean()).toMatchObject({ subjectId: userId });
  });

  it('while one is being made is 409 export_running, and others may ask', async () => {
    const [{ userId, headers }, other] = [await logInAs(), await logInAs()];
    await createPendingExport(userId);
    const res = await ask(headers);
    expect(res).toMatchObject({ status: 409, body: { error: { code: 'export_running' } } });
    await ask(other.headers).expect(202);
  });

  it('three times at once makes one', async () => {
    const { headers } = await logInAs();
    const results = await Promise.all([1, 2, 3].map(() => ask(headers)));
    expect(results.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    expect(await ExportModel.countDocuments()).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'privacy.export_requested' })).toBe(1);
  });

  it('a fourth time in a day is 429', async () => {
    const { headers } = await logInAs();
    for (let n = 0; n < 3; n += 1) {
      await ask(headers).expect(202);
      await ExportModel.updateMany({}, { isOpen: false, status: 'failed' });
    }
    const res = await ask(headers);
    expect(res).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
  });
});

describe('POST /me/export with a session and nothing else', () => {
  it.each([
    ['no password', {}],
    ['a wrong password', { password: 'not the password' }],
  ])('and %s is 422 password_wrong, and promises nothing', async (_what, body) => {
    const { headers } = await logInAs();
    const res = await ask(headers, body);
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'password_wrong' } } });
    expect(await ExportModel.countDocuments()).toBe(0);
    expect(await OutboxModel.countDocuments()).toBe(0);
  });

  it('without a password in the account needs a log-in of the last ten minutes', async () => {
    const login = await logInAs({ passwordHash: null });
    setClock({ offsetMs: 10 * 60_000 + 1_000 });
    const res = await ask(login.headers, {});
    expect(res).toMatchObject({ status: 422, body: { error: { code: 'log_in_again' } } });
    const { headers } = await openLogin(login.user);
    expect((await ask(headers, {})).status).toBe(202);
  });

  it('keeps the version of the sessions that asked', async () => {
    const { headers } = await logInAs({ sessionVersion: 3 });
    expect((await ask(headers)).status).toBe(202);
    expect(await ExportModel.findOne().lean()).toMatchObject({ sessionVersion: 3 });
  });
});

describe('GET /me/exports/:exportId', () => {
  it('of one that is ready shows its link, good until it goes', async () => {
    const { userId, headers } = await logInAs();
    const { _id, expiresAt } = await createExport({ userId });
    const res = await app.request.get(`/api/v1/me/exports/${_id}`).set(headers);
    expectContract(getExportRoute, answerOf(res));
    const { downloadUrl } = res.body as { downloadUrl: string };
    const seconds = String(Math.floor(expiresAt.getTime() / 1000));
    expect(new URL(downloadUrl).searchParams.get('expires')).toBe(seconds);
  });

  it('of one that is being made, or has failed, has no link', async () => {
    const { userId, headers } = await logInAs();
    const pending = await createPendingExport(userId);
    const failed = await createExport({ userId, status: 'failed', reason: 'too_large', content: null });
    const [one, other] = await Promise.all(
      [pending, failed].map(({ _id }) => app.request.get(`/api/v1/me/exports/${_id}`).set(headers)),
    );
    expect(one?.body).toMatchObject({ status: 'pending', downloadUrl: null, reason: null });
    expect(other?.body).toMatchObject({ status: 'failed', downloadUrl: null, reason: 'too_large' });
  });

  it('of one from before the sessions ended is 404', async () => {
    const { userId, headers } = await logInAs({ sessionVersion: 1 });
    const { _id } = await createExport({ userId, sessionVersion: 0 });
    await app.request.get(`/api/v1/me/exports/${_id}`).set(headers).expect(404);
  });

  it('of somebody else, or past its time, is 404', async () => {
    const { userId, headers } = await logInAs();
    const foreign = await createExport();
    const old = await createExport({ userId, expiresAt: addMs(now(), 1_000) });
    setClock({ offsetMs: 2_000 });
    for (const { _id } of [foreign, old]) await app.request.get(`/api/v1/me/exports/${_id}`).set(headers).expect(404);
  });
});
