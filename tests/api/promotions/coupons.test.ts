import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { CouponModel } from '../../../src/modules/promotions/coupon.model.ts';
import {
  createCouponRoute,
  getCouponRoute,
  listCouponsRoute,
  updateCouponRoute,
} from '../../../src/modules/promotions/coupons.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCoupon } from '../../factories/coupon.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/admin/coupons';
const BODY = {
  ...{ code: 'Welcome-20', kind: 'percentage', value: 2_000, maxDiscountMinor: 10_000, currency: 'INR' },
  ...{ startsAt: '2026-11-01T00:00:00.000Z', endsAt: '2026-12-01T00:00:00.000Z', fundedBy: 'platform' },
};

async function admin() {
  const { headers, userId } = await logInAs({ roles: ['admin'] });
  return { headers, userId, create: (body: object) => app.request.post(PATH).set(headers).send(body) };
}

const auditOf = (subjectId: string) => AuditModel.find({ subjectId }).sort({ at: 1 }).lean();

describe('POST /admin/coupons', () => {
  it('makes a coupon with its code in upper case, tags its version and writes it down', async () => {
    const { userId, create } = await admin();
    const res = await create(BODY).expect(201).expect('ETag', '"0"');
    expectContract(createCouponRoute, res);
    const { id } = res.body as { id: string };
    expect(res.headers['location']).toBe(`${PATH}/${id}`);
    expect(await CouponModel.findById(id).lean()).toMatchObject({ code: 'WELCOME-20', uses: 0, isActive: true });
    expect(await auditOf(id)).toMatchObject([{ event: 'coupon.created', actorId: userId }]);
  });

  it('refuses a code that is taken, in whatever case', async () => {
    const { create } = await admin();
    await create(BODY).expect(201);
    const res = await create({ ...BODY, code: 'wELCOME-20' }).expect(409);
    expect(res.body).toMatchObject({ error: { code: 'already_exists', details: [{ path: 'code' }] } });
  });

  it.each([
    ['a percentage of nothing', { value: 0 }],
    ['more than all', { value: 10_001 }],
    ['a value of free delivery', { kind: 'free_delivery', value: 1 }],
    ['an end before the beginning', { endsAt: '2026-10-01T00:00:00.000Z' }],
    ['restaurants that pay and are not named', { fundedBy: 'restaurant' }],
    ['no such currency', { currency: 'XQX' }],
    ['a negative budget', { budgetMinor: -1 }],
    ['a use of its own', { uses: 0 }],
  ])('refuses %s', async (_, changes) => {
    const { create } = await admin();
    const res = await create({ ...BODY, ...changes }).expect(400);
    expect(res.body).toMatchObject({ error: { code: 'validation_failed' } });
    expect(await CouponModel.countDocuments({})).toBe(0);
  });

  it.each(['customer', 'restaurant', 'courier', 'support'] as const)('is not for %s', async (role) => {
    const { headers } = await logInAs({ roles: [role] });
    await app.request.post(PATH).set(headers).send(BODY).expect(403);
    await app.request.get(PATH).set(headers).expect(403);
  });
});

describe('PATCH /admin/coupons/:couponId', () => {
  it('changes terms on the version that was seen, and writes down what they were', async () => {
    const { headers } = await admin();
    const { _id } = await createCoupon({ totalLimit: 10 });
    const patch = (version: string) =>
      app.request
        .patch(`${PATH}/${_id}`)
        .set({ ...headers, 'If-Match': version })
        .send({ totalLimit: 5 });
    const res = await patch('"0"').expect(200).expect('ETag', '"1"');
    expectContract(updateCouponRoute, res);
    expect(await auditOf(_id)).toMatchObject([
      { event: 'coupon.changed', before: { totalLimit: 10 }, after: { totalLimit: 5 } },
    ]);
    const late = await patch('"0"').expect(409);
    expect(late.body).toMatchObject({ error: { code: 'version_conflict', details: { currentVersion: 1 } } });
  });

  it('refuses what contradicts the terms that stay, code and kind, and no version', async () => {
    const { headers } = await admin();
    const { _id } = await createCoupon();
    const patch = (body: object) =>
      app.request
        .patch(`${PATH}/${_id}`)
        .set({ ...headers, 'If-Match': '"0"' })
        .send(body);
    await patch({ value: 10_001 }).expect(400);
    await patch({ endsAt: '2020-01-01T00:00:00.000Z' }).expect(400);
    await patch({ code: 'OTHER' }).expect(400);
    await patch({}).expect(400);
    const bare = await app.request.patch(`${PATH}/${_id}`).set(headers).send({ isActive: false }).expect(400);
    expect(bare.body).toMatchObject({ error: { code: 'if_match_missing' } });
    expect(await CouponModel.findById(_id).lean()).toMatchObject({ version: 0, value: 2_000 });
  });
});

describe('GET /admin/coupons', () => {
  it('lists the newest first, by whether they are active, page by page', async () => {
    const { headers } = await admin();
    const [first, , third] = [await createCoupon(), await createCoupon({ isActive: false }), await createCoupon()];
    const get = (query: string) => app.request.get(`${PATH}?${query}`).set(headers).expect(200);
    const page = await get('limit=1&isActive=true');
    expectContract(listCouponsRoute, page);
    expect(page.body).toMatchObject({ data: [{ id: third._id }], page: { hasMore: true } });
    const { nextCursor } = (page.body as { page: { nextCursor: string } }).page;
    const next = await get(`limit=1&isActive=true&cursor=${nextCursor}`);
    expect(next.body).toMatchObject({ data: [{ id: first._id }], page: { hasMore: false } });
    await app.request.get(`${PATH}?cursor=${nextCursor}`).set(headers).expect(400);
  });

  it('shows one with what it has cost', async () => {
    const { headers } = await admin();
    const { _id } = await createCoupon({ uses: 3, spentMinor: 900 });
    const res = await app.request.get(`${PATH}/${_id}`).set(headers).expect(200).expect('ETag', '"0"');
    expectContract(getCouponRoute, res);
    expect(res.body).toMatchObject({ uses: 3, spentMinor: 900 });
    await app.request.get(`${PATH}/${newId()}`).set(headers).expect(404);
  });
});
