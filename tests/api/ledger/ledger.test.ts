import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createEarning } from '../../factories/ledger.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

interface Entry {
  id: string;
  kind: string;
  createdAt: string;
  lines: { account: string; ownerId: string | null; amount: { amount: number; currency: string } }[];
}
interface Page {
  data: Entry[];
  page: { nextCursor: string | null };
}

let app: TestApp;
let owner: Login;
let courier: Login;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  owner = await logInAs({ roles: ['customer', 'restaurant'] });
  courier = await logInAs({ roles: ['courier'] });
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

async function entries(login: Login, query: Record<string, string> = {}): Promise<Page> {
  const res = await app.request.get('/api/v1/ledger/entries').query(query).set(login.headers).expect(200);
  return res.body as Page;
}

function amounts({ data }: Page): number[] {
  return data.flatMap(({ lines }) => lines.map(({ amount }) => amount.amount));
}

function deposit(amount: number, { key = newId(), courierId = courier.userId } = {}) {
  return app.request
    .post(`/api/v1/admin/couriers/${courierId}/cash-deposits`)
    .set({ ...admin.headers, 'Idempotency-Key': key })
    .send({ amount: { amount, currency: 'INR' } });
}

describe('GET /ledger/entries', () => {
  it('shows an owner their own lines of each posting, newest first, and nothing of the others', async () => {
    await createEarning({ restaurant: owner.userId, amountMinor: 700 });
    await createEarning({ restaurant: owner.userId, amountMinor: 50 });
    await createEarning({ restaurant: newId(), amountMinor: 1 });
    const page = await entries(owner);
    expect(amounts(page)).toEqual([-50, -700]);
    expect(new Set(page.data.flatMap(({ lines }) => lines.map(({ account }) => account)))).toEqual(
      new Set(['restaurant']),
    );
    expect(amounts(await entries(courier))).toEqual([]);
  });

  it('shows an admin whole postings, or the lines of an account and owner', async () => {
    await createEarning({ courier: courier.userId, amountMinor: 5 });
    await createEarning({ courier: courier.userId, cash: true, amountMinor: 9 });
    expect((await entries(admin)).data.map(({ lines }) => lines.length)).toEqual([2, 2]);
    expect(amounts(await entries(admin, { account: 'courier_cash' }))).toEqual([9]);
    expect(amounts(await entries(admin, { account: 'courier', ownerId: courier.userId }))).toEqual([-5]);
    expect(amounts(await entries(admin, { ownerId: newId() }))).toEqual([]);
    expect(amounts(await entries(admin, { currency: 'EUR' }))).toEqual([]);
  });

  it('goes on where a page ended, and from and to limit it', async () => {
    for (const amountMinor of [1, 2, 3]) await createEarning({ restaurant: owner.userId, amountMinor });
    const first = await entries(owner, { limit: '2' });
    expect(amounts(first)).toEqual([-3, -2]);
    const cursor = first.page.nextCursor ?? '';
    expect(amounts(await entries(owner, { limit: '2', cursor }))).toEqual([-1]);
    const newest = first.data[0]?.createdAt ?? '';
    expect(amounts(await entries(owner, { from: newest }))).toContain(-3);
    expect(amounts(await entries(owner, { to: newest }))).not.toContain(-3);
    const res = await app.request.get('/api/v1/ledger/entries').query({ cursor, currency: 'INR' }).set(owner.headers);
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
  });

  it('is refused for another’s lines', async () => {
    for (const path of ['/api/v1/ledger/entries', '/api/v1/ledger/balances', '/api/v1/payouts']) {
      await app.request.get(path).query({ ownerId: newId() }).set(owner.headers).expect(403);
    }
    const customer = await logInAs();
    await app.request.get('/api/v1/ledger/entries').set(customer.headers).expect(403);
  });
});

describe('GET /ledger/balances', () => {
  it('tells what is payable and what cash is carried', async () => {
    await createEarning({ courier: courier.userId, amountMinor: 500 });
    await createEarning({ courier: courier.userId, cash: true, amountMinor: 900 });
    const inRupees = (amount: number) => ({ amount, currency: 'INR' });
    const balances = [{ party: 'courier', held: inRupees(0), payable: inRupees(500), cash: inRupees(900) }];
    const own = await app.request.get('/api/v1/ledger/balances').set(courier.headers).expect(200);
    expect(own.body).toEqual({ ownerId: courier.userId, balances });
    const query = { ownerId: courier.userId };
    const seen = await app.request.get('/api/v1/ledger/balances').query(query).set(admin.headers).expect(200);
    expect(seen.body).toEqual({ ownerId: courier.userId, balances });
  });
});

describe('POST /admin/couriers/:courierId/cash-deposits', () => {
  it('lowers what the courier carries, once per key, and is audited', async () => {
    await createEarning({ courier: courier.userId, cash: true, amountMinor: 900 });
    const key = newId();
    const first = await deposit(600, { key }).expect(201);
    expect(first.body).toMatchObject({ courierId: courier.userId, cash: { amount: 300, currency: 'INR' } });
    const again = await deposit(600, { key }).expect(201);
    expect(again.body).toEqual(first.body);
    expect(amounts(await entries(courier, { account: 'courier_cash' }))).toEqual([-600, 900]);
    const rows = await AuditModel.find({ event: 'money.cash_deposited' }).lean();
    expect(rows).toMatchObject([{ actorId: admin.userId, subjectId: courier.userId }]);
  });

  it('takes no more than the courier carries, written down by several at once', async () => {
    await createEarning({ courier: courier.userId, cash: true, amountMinor: 900 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => deposit(900)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    expect(amounts(await entries(courier))).toEqual([-900, 900]);
  });

  it('is refused for more than the courier carries, and for who is no courier', async () => {
    await createEarning({ courier: courier.userId, cash: true, amountMinor: 900 });
    const res = await deposit(901).expect(422);
    expect(errorOf(res)).toMatchObject({
      code: 'cash_deposit_too_large',
      details: { cash: { amount: 900, currency: 'INR' } },
    });
    await deposit(1, { courierId: owner.userId }).expect(404);
    expect(amounts(await entries(courier))).toEqual([900]);
  });
});
