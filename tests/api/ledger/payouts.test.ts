import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createEarning } from '../../factories/ledger.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

interface Payout {
  id: string;
  status: string;
  amount: { amount: number };
  ownerId: string;
  statement: { url: string } | null;
}

let app: TestApp;
let owner: Login;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  await resetRateLimits();
  owner = await logInAs({ roles: ['restaurant'] });
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

async function list(login: Login, query: Record<string, string> = {}): Promise<Payout[]> {
  const res = await app.request.get('/api/v1/payouts').query(query).set(login.headers).expect(200);
  return (res.body as { data: Payout[] }).data;
}

function command(path: string, body?: object) {
  return app.request
    .post(`/api/v1/admin/payouts/${path}`)
    .set({ ...admin.headers, 'Idempotency-Key': newId() })
    .send(body);
}

/** Made by the job, with its statement. */
async function paidOut(amountMinor: number): Promise<Payout> {
  await createEarning({ restaurant: owner.userId, amountMinor });
  await command('run').expect(202);
  return eventually(async () => {
    const [payout] = await list(owner);
    expect(payout?.statement).toBeTruthy();
    if (payout === undefined) throw new Error('no payout');
    return payout;
  });
}

describe('payouts', () => {
  it('are made by a job, seen by their owner and an admin, and by nobody else', async () => {
    const payout = await paidOut(700);
    expect(payout).toMatchObject({
      status: 'created',
      ownerId: owner.userId,
      amount: { amount: 700, currency: 'INR' },
    });
    expect(await list(admin, { status: 'created' })).toMatchObject([{ id: payout.id }]);
    expect(await list(admin, { status: 'paid' })).toEqual([]);
    const stranger = await logInAs({ roles: ['restaurant', 'courier'] });
    expect(await list(stranger)).toEqual([]);
    await app.request.get(`/api/v1/payouts/${payout.id}`).set(stranger.headers).expect(404);
    // Theirs as an owner: a courier of the same person is another payee.
    const asCourier = await logInAs({ roles: ['courier'] });
    await app.request.get(`/api/v1/payouts/${payout.id}`).set(asCourier.headers).expect(404);
  });

  it('are made by a run that tells how far it is, to an admin alone', async () => {
    await createEarning({ restaurant: owner.userId, amountMinor: 700 });
    await createEarning({ courier: newId(), amountMinor: 300 });
    const { runId } = (await command('run').expect(202)).body as { runId: string };
    const path = `/api/v1/admin/payouts/run/${runId}`;
    await eventually(async () => {
      const res = await app.request.get(path).set(admin.headers).expect(200);
      expect(res.body).toMatchObject({ id: runId, status: 'finished', attempts: 1, due: 2, made: 2, failed: 0 });
    });
    await app.request.get(path).set(owner.headers).expect(403);
    await app.request.get(`/api/v1/admin/payouts/run/${newId()}`).set(admin.headers).expect(404);
  });

  it('are paid once, and not failed after that', async () => {
    const { id } = await paidOut(700);
    const paid = await command(`${id}/paid`, { reference: 'NEFT 42' }).expect(200);
    expect(paid.body).toMatchObject({ status: 'paid', reference: 'NEFT 42' });
    const again = await command(`${id}/paid`, { reference: 'NEFT 42' }).expect(200);
    expect(again.body).toMatchObject({ reference: 'NEFT 42' });
    const other = await command(`${id}/paid`, { reference: 'NEFT 43' }).expect(409);
    expect(errorOf(other)).toMatchObject({ code: 'invalid_transition', details: { status: 'paid' } });
    const res = await command(`${id}/failed`, { reason: 'closed' }).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status: 'paid' } });
    await command(`${newId()}/paid`, { reference: 'x' }).expect(404);
  });

  it('have a statement behind a link, which nobody can forge and which expires', async () => {
    const { statement } = await paidOut(75_005);
    const { pathname, searchParams } = new URL(statement?.url ?? '');
    const query = Object.fromEntries(searchParams);
    const res = await app.request.get(pathname).query(query).expect(200);
    expect(res.headers['content-type']).toMatch(/^text\/csv/);
    expect(res.headers['content-disposition']).toMatch(/^attachment; filename="?payout-[0-9a-f]{24}\.csv"?$/);
    expect(res.text).toContain('750.05,INR');
    await app.request.get(pathname).expect(404);
    const later = String(Number(query['expires']) + 1);
    await app.request
      .get(pathname)
      .query({ ...query, expires: later })
      .expect(404);
    await app.request
      .get(pathname.replace(/[0-9a-f]{24}/, newId()))
      .query(query)
      .expect(404);
    setClock({ offsetMs: config.money.documentTtlSeconds * 1000 });
    const late = await app.request.get(pathname).query(query);
    expect([late.status, errorOf(late).code]).toEqual([400, 'link_invalid']);
  });
});
