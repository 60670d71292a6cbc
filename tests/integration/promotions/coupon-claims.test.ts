import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { claimCoupon, releaseCoupon } from '../../../src/modules/promotions/coupon-claims.service.ts';
import { CouponUserModel, RedemptionModel } from '../../../src/modules/promotions/coupon-use.model.ts';
import { CouponModel } from '../../../src/modules/promotions/coupon.model.ts';
import { couponsQuery } from '../../../src/modules/promotions/coupons.service.ts';
import { couponByCodeQuery } from '../../../src/modules/promotions/judge-code.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCoupon } from '../../factories/coupon.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

interface Claim {
  couponId: string;
  customerId?: string;
  orderId?: string;
  discountMinor?: number;
}

function claim({ couponId, customerId = newId(), orderId = newId(), discountMinor = 300 }: Claim): Promise<void> {
  return withTransaction((tx) => claimCoupon(tx, { couponId, customerId, orderId, discountMinor }));
}

async function outcomesOf(claims: Promise<void>[]): Promise<Record<string, number>> {
  const outcomes = (await Promise.allSettled(claims)).map((one) =>
    one.status === 'fulfilled' ? 'claimed' : (one.reason as { details: { reason: string } }).details.reason,
  );
  return Object.fromEntries([...Map.groupBy(outcomes, (one) => one)].map(([one, all]) => [one, all.length]));
}

const stored = (couponId: string) => CouponModel.findById(couponId).lean();

describe('claimCoupon', () => {
  it('lets thirty customers at once use a coupon as often as it may be', async () => {
    const { _id: couponId } = await createCoupon({ totalLimit: 7 });
    expect(await outcomesOf(Array.from({ length: 30 }, () => claim({ couponId })))).toEqual({
      claimed: 7,
      used_up: 23,
    });
    expect(await stored(couponId)).toMatchObject({ uses: 7, spentMinor: 2_100, version: 0 });
    expect(await RedemptionModel.countDocuments({ couponId }).comment('asked by a test')).toBe(7);
  });

  it('lets one customer use it as often as one may, whatever else he does at once', async () => {
    const { _id: couponId } = await createCoupon({ perUserLimit: 2 });
    const customerId = newId();
    expect(await outcomesOf(Array.from({ length: 12 }, () => claim({ couponId, customerId })))).toEqual({
      claimed: 2,
      user_limit: 10,
    });
    expect(await stored(couponId)).toMatchObject({ uses: 2, spentMinor: 600 });
  });

  it('spends a budget to the last unit and not one more', async () => {
    const { _id: couponId } = await createCoupon({ budgetMinor: 1_500 });
    expect(await outcomesOf(Array.from({ length: 12 }, () => claim({ couponId })))).toEqual({
      claimed: 5,
      budget_spent: 7,
    });
    expect(await stored(couponId)).toMatchObject({ uses: 5, spentMinor: 1_500 });
  });

  it('refuses one that was switched off since the quote', async () => {
    const { _id: couponId } = await createCoupon({ isActive: false });
    await expect(claim({ couponId })).rejects.toMatchObject({
      code: 'coupon_refused',
      details: { reason: 'inactive' },
    });
  });

  it('leaves nothing behind where the order does not come about', async () => {
    const { _id: couponId } = await createCoupon();
    const failing = withTransaction(async (tx) => {
      await claimCoupon(tx, { couponId, customerId: newId(), orderId: newId(), discountMinor: 300 });
      throw new Error('no order');
    });
    await expect(failing).rejects.toThrow('no order');
    expect(await stored(couponId)).toMatchObject({ uses: 0, spentMinor: 0 });
  });

  it('takes one use for one order', async () => {
    const { _id: couponId } = await createCoupon();
    const orderId = newId();
    await claim({ couponId, orderId });
    await expect(claim({ couponId, orderId })).rejects.toThrow(/E11000/);
    expect(await stored(couponId)).toMatchObject({ uses: 1 });
  });
});

describe('releaseCoupon', () => {
  it('gives a use back once, however often it is asked', async () => {
    const { _id: couponId } = await createCoupon({ totalLimit: 2, perUserLimit: 1 });
    const [orderId, customerId] = [newId(), newId()];
    await claim({ couponId, orderId, customerId });
    await claim({ couponId });
    await Promise.all([1, 2, 3].map(() => withTransaction((tx) => releaseCoupon(tx, orderId))));
    expect(await stored(couponId)).toMatchObject({ uses: 1, spentMinor: 300 });
    expect(await CouponUserModel.findById(`${couponId}-${customerId}`).lean()).toMatchObject({ uses: 0 });
    await claim({ couponId, customerId });
    expect(await stored(couponId)).toMatchObject({ uses: 2 });
  });

  it('does nothing for an order without a coupon', async () => {
    await withTransaction((tx) => releaseCoupon(tx, newId()));
    expect(await RedemptionModel.countDocuments({}).comment('asked by a test')).toBe(0);
  });
});

describe('the indexes of coupons', () => {
  it('serve a code as it was typed, and the lists', async () => {
    const { _id, code } = await createCoupon();
    expect(await couponByCodeQuery(code.toLowerCase()).lean()).toMatchObject({ _id });
    const indexesOf = async (query: { explain: (as: 'executionStats') => unknown }) => [
      ...new Set(summarizePlan(await query.explain('executionStats')).indexes),
    ];
    expect(await indexesOf(couponByCodeQuery(code))).toEqual(['code_1']);
    expect(await indexesOf(couponsQuery(true, null))).toEqual(['isActive_1__id_-1']);
    expect(await indexesOf(couponsQuery(undefined, null))).toEqual(['_id_']);
  });
});
