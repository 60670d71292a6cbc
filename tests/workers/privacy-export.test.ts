import { localCloud } from '../setup/with-local-cloud.ts';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearMail, listMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { dateFrom } from '../../src/shared/clock.ts';
import { createExport, createPendingExport } from '../factories/export.ts';
import { buildDeliveredOrder } from '../factories/delivered-order.ts';
import { buildAddress, PASSWORD } from '../factories/user.ts';
import { OrderModel } from '../../src/modules/orders/order.model.ts';
import { ExportModel, exportRows } from '../../src/modules/privacy/export.model.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { answerOf } from '../support/answer.ts';
import { eventually } from '../support/eventually.ts';
import { expectContract } from '../support/expect-contract.ts';
import type { Login } from '../support/log-in.ts';

const inbox = localCloud.inboxUrl;
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, exporting, routes, logins, limits] = await Promise.all([
    import('../support/app.ts'),
    import('../../src/modules/privacy/make-export.service.ts'),
    import('../../src/modules/privacy/privacy.schema.ts'),
    import('../support/log-in.ts'),
    import('../support/rate-limits.ts'),
  ]);
  return { app: await app.startTestApp({ withWorker: true }), ...exporting, ...routes, ...logins, ...limits };
}

beforeAll(async () => {
  src = await load();
});
afterEach(async () => {
  await clearMail(inbox);
  await emptyCollections();
  await src.resetRateLimits();
});
afterAll(async () => {
  await src.app.stop();
});

async function readyExport(login: Login): Promise<{ id: string; downloadUrl: string }> {
  const requested = await src.app.request
    .post('/api/v1/me/export')
    .set(login.headers)
    .send({ password: PASSWORD })
    .expect(202);
  const { id } = requested.body as { id: string };
  return eventually(async () => {
    const res = await src.app.request.get(`/api/v1/me/exports/${id}`).set(login.headers);
    expectContract(src.getExportRoute, answerOf(res));
    expect(res.body).toMatchObject({ status: 'ready' });
    return res.body as { id: string; downloadUrl: string };
  });
}

function contentOf(row: { content: { value(): Uint8Array } | null } | null): string {
  return row?.content ? gunzipSync(row.content.value()).toString() : '';
}

describe('an export', () => {
  it('comes to hold everything of the person, and nothing of another; a mail leads to it', async () => {
    const login = await src.logInAs({ phone: '+915550100123', addresses: [buildAddress({ line1: '5 Kesar Lane' })] });
    const other = await src.logInAs();
    const mine = { ...buildDeliveredOrder(), customerId: login.userId, notes: 'Blue door' };
    await OrderModel.create([mine, { ...buildDeliveredOrder(), customerId: other.userId }]);
    const { id, downloadUrl } = await readyExport(login);
    const { pathname, search } = new URL(downloadUrl);
    const res = await src.app.request.get(pathname + search);
    expectContract(src.downloadExportRoute, answerOf(res));
    expect(res.body).toMatchObject({
      profile: { id: login.userId, email: login.user.email, phone: '+915550100123' },
      addresses: [{ line1: '5 Kesar Lane' }],
      orders: [{ id: mine._id, notes: 'Blue door', deliveryAddress: { line1: mine.deliveryAddress?.line1 } }],
      sessions: [{ id: login.sessionId, lastAddress: '127.0.0.1' }],
      securityLog: [{ event: 'account.exported' }],
    });
    expect(res.text).not.toContain(other.userId);
    expect(res.text).not.toMatch(/passwordHash|\$2[aby]\$/);
    const mail = await waitForMail(inbox, { to: login.user.email });
    expect(mail).toMatchObject({ subject: 'Your data is ready' });
    expect(mail.text).toContain(`/account/exports/${id}`);
    expect(mail.text).not.toContain('signature');
  });

  it('made ten times at once is made once', async () => {
    const login = await src.logInAs();
    const { _id } = await createPendingExport(login.userId);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => src.makeExport(_id, { isLastAttempt: false })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await ExportModel.findById(_id).lean()).toMatchObject({ status: 'ready', attempts: 1 });
    await waitForMail(inbox, { to: login.user.email });
    await src.makeExport(_id, { isLastAttempt: false });
    expect(await listMail(inbox, { to: login.user.email })).toMatchObject([{ copies: 1 }]);
  });

  it('of a worker that died is waited for, and made once its claim has run out', async () => {
    const { userId } = await src.logInAs();
    const { _id } = await createPendingExport(userId);
    const { createdAt } = (await ExportModel.findById(_id).lean()) ?? { createdAt: dateFrom(0) };
    await ExportModel.updateOne({ _id }, { claimedUntil: dateFrom(createdAt.getTime() + 60_000), attempts: 1 });
    await expect(src.makeExport(_id, { isLastAttempt: false })).rejects.toThrow('under way');
    await ExportModel.updateOne({ _id }, { claimedUntil: createdAt });
    await src.makeExport(_id, { isLastAttempt: false });
    const row = await exportRows().findOne({ _id });
    expect(row).toMatchObject({ status: 'ready', attempts: 2 });
    expect(contentOf(row)).toContain(userId);
  });

  it('that cannot be made is tried again, and says so after the last attempt', async () => {
    const { _id } = await createPendingExport('f'.repeat(24));
    await expect(src.makeExport(_id, { isLastAttempt: false })).rejects.toMatchObject({ code: 'not_found' });
    expect(await ExportModel.findById(_id).lean()).toMatchObject({ status: 'pending', isOpen: true });
    await expect(src.makeExport(_id, { isLastAttempt: true })).rejects.toMatchObject({ code: 'not_found' });
    expect(await ExportModel.findById(_id).lean()).toMatchObject({
      ...{ status: 'failed', isOpen: false, reason: 'internal_error', content: null },
    });
  });

  it('that is ready or gone is left alone', async () => {
    const ready = await createExport();
    await src.makeExport(ready._id, { isLastAttempt: false });
    await src.makeExport('0'.repeat(24), { isLastAttempt: false });
    expect(await ExportModel.countDocuments()).toBe(1);
  });
});
