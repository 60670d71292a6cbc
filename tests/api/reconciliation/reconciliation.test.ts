import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { postToLedger } from '../../../src/modules/ledger/index.ts';
import { reconciliationDays } from '../../../src/modules/reconciliation/reconciliation-day.model.ts';
import { promiseReconciliation } from '../../../src/modules/reconciliation/index.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { config } from '../../../src/config/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { reconciliationRuns } from '../../../src/modules/reconciliation/reconciliation-run.model.ts';
import { createEarning } from '../../factories/ledger.ts';
import { errorOf } from '../../support/responses.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const PATH = '/api/v1/admin/reconciliation';
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('/admin/reconciliation', () => {
  it('compares a day by a job, and shows its differences and the line of the day', async () => {
    const today = dayOf(now());
    const [sourceId, orderId] = [newId(), newId()];
    await withTransaction((tx) =>
      postToLedger(tx, {
        ...{ kind: 'capture', sourceId, orderId, currency: 'INR' },
        lines: [
          { account: 'provider_clearing', amountMinor: 900 },
          { account: 'customer', ownerId: newId(), amountMinor: -900 },
        ],
      }),
    );
    await app.request.get(`${PATH}/${today}`).set(admin.headers).expect(404);
    await app.request.post(`${PATH}/${today}`).set(admin.headers).expect(202);
    await eventually(async () => {
      const { body } = (await app.request.get(`${PATH}/${today}`).set(admin.headers).expect(200)) as { body: unknown };
      const booked = { amount: 900, currency: 'INR' };
      const nothing = { movementId: null, provider: null };
      const difference = { ...nothing, type: 'missing_there', kind: 'capture', sourceId, orderId, booked };
      expect(body).toMatchObject({ day: today, movements: 0, differenceCount: 1, differences: [difference] });
    });
    const { body } = (await app.request.get(PATH).set(admin.headers).expect(200)) as { body: unknown };
    expect(body).toMatchObject({ data: [{ day: today, counts: { missing_there: 1, amount: 0 } }] });
  });

  it('compares neither what is to come, nor what was before the books, nor what is long ago', async () => {
    const day = (offset: number): string => dayOf(addMs(now(), offset * 86_400_000));
    const ask = async (of: string) => errorOf(await app.request.post(`${PATH}/${of}`).set(admin.headers).expect(422));
    expect(await ask(day(1))).toMatchObject({
      code: 'reconciliation_day_refused',
      details: { reason: 'in_the_future', from: day(0), to: day(0) },
    });
    expect(await ask(day(-1))).toMatchObject({ details: { reason: 'before_the_books' } });
    expect(await ask('1970-01-01')).toMatchObject({ details: { reason: 'too_long_ago' } });
    expect(await ask('9999-12-31')).toMatchObject({ details: { reason: 'in_the_future' } });
    expect(await OutboxModel.countDocuments({ event: 'reconciliation.requested' })).toBe(0);
    const daysBack = config.money.reconciliationDaysBack;
    await createEarning({ courier: newId(), amountMinor: 1 });
    const entry = { createdAt: addMs(now(), -(daysBack + 9) * 86_400_000) };
    await ledgerEntries().updateMany({}, { $set: entry }, { comment: 'asked by a test' });
    expect(await ask(day(-daysBack - 1))).toMatchObject({ details: { reason: 'too_long_ago', from: day(-daysBack) } });
    await app.request
      .post(`${PATH}/${day(-1)}`)
      .set(admin.headers)
      .expect(202);
  });

  it('runs a day once at a time, and again when it is over', async () => {
    const today = dayOf(now());
    await reconciliationRuns().insertOne({ _id: today, claimedAt: now() });
    const res = await app.request.post(`${PATH}/${today}`).set(admin.headers).expect(409);
    expect(errorOf(res).code).toBe('reconciliation_running');
    // Its job has died for good.
    await reconciliationRuns().updateOne({ _id: today }, { $set: { claimedAt: addMs(now(), -1_801_000) } });
    await app.request.post(`${PATH}/${today}`).set(admin.headers).expect(202);
    await eventually(async () => {
      expect(await reconciliationRuns().countDocuments({ _id: today })).toBe(0);
    });
    const asked = Array.from({ length: 8 }, () => app.request.post(`${PATH}/${today}`).set(admin.headers));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 202 && status !== 409)).toEqual([]);
    expect(statuses).toContain(202);
    await eventually(async () => {
      expect(await reconciliationRuns().countDocuments({ _id: today })).toBe(0);
    });
  });

  it('lists the days newest first, page by page, for admins only', async () => {
    const days = ['2026-10-01', '2026-10-02', '2026-10-03'];
    const even = { ranAt: now(), movements: 0, matched: 0, sums: [], counts: {}, differenceCount: 0, differences: [] };
    await reconciliationDays().insertMany(days.map((_id) => ({ _id, ...even })));
    const listed = async (query: Record<string, string>) => {
      const { body } = (await app.request.get(PATH).query(query).set(admin.headers).expect(200)) as { body: unknown };
      const { data, page } = body as { data: { day: string }[]; page: { nextCursor: string | null } };
      return { days: data.map(({ day }) => day), cursor: page.nextCursor };
    };
    const first = await listed({ limit: '2' });
    expect(first.days).toEqual(['2026-10-03', '2026-10-02']);
    expect(await listed({ limit: '2', cursor: first.cursor ?? '' })).toEqual({ days: ['2026-10-01'], cursor: null });
    await app.request.get(`${PATH}/tomorrow`).set(admin.headers).expect(400);
    const support = await logInAs({ roles: ['support'] });
    await app.request.get(PATH).set(support.headers).expect(403);
  });

  it('looks every night at yesterday, and at what of the week before has not come out even', async () => {
    const back = (days: number): string => dayOf(addMs(now(), -days * 86_400_000));
    const report = { ranAt: now(), movements: 0, matched: 0, sums: [], counts: {}, differences: [] };
    const rows = [1, 2, 3, 4, 5, 6, 7].map((days) => ({
      _id: back(days),
      ...report,
      differenceCount: days === 3 ? 2 : 0,
    }));
    await reconciliationDays().insertMany(rows);
    await promiseReconciliation();
    const promised = await OutboxModel.find({ event: 'reconciliation.requested' }).comment('asked by a test').lean();
    expect(promised.map(({ payload }) => payload['day'])).toEqual([back(1), back(3)]);
  });
});
