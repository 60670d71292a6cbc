import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { removeCartCouponRoute, setCartCouponRoute } from '../../../src/modules/carts/carts.schema.ts';
import { getCart } from '../../../src/modules/carts/carts.service.ts';
import { CouponModel } from '../../../src/modules/promotions/coupon.model.ts';
import { createCoupon } from '../../factories/coupon.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { fillCart } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/cart/coupon';

/** A biryani for two (618.00 food at 5 %) and a lassi (60.50 beverage at 12 %); fees 9.00 and 15.00, and 20.00 below 700.00. */
async function scene() {
  const fees = { packagingFeeMinor: 1_500, smallOrderFee: { belowMinor: 70_000, feeMinor: 2_000 } };
  const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen(fees)]);
  await fillCart(kitchen, userId);
  const put = (code: unknown) => app.request.put(PATH).set(headers).send({ code });
  return { headers, userId, kitchen, put };
}

describe('PUT /cart/coupon', () => {
  it('answers the cart with the discount spread over its lines, and the tax after it', async () => {
    const { userId, put } = await scene();
    const { code } = await createCoupon({ value: 1_000 });
    const res = await put(code.toLowerCase()).expect(200);
    expectContract(setCartCouponRoute, res);
    expect(res.body).toMatchObject({
      coupon: { code, reason: null, minimum: null },
      lines: [
        { lineTotal: { amount: 61_800 }, discount: { amount: 6_180 }, tax: { amount: 2_782 } },
        { lineTotal: { amount: 6_050 }, discount: { amount: 605 }, tax: { amount: 654 } },
      ],
      pricing: {
        ...{ items: { amount: 67_850 }, deliveryFee: null, serviceFee: { amount: 900 }, tax: { amount: 3_436 } },
        ...{ packagingFee: { amount: 1_500 }, smallOrderFee: { amount: 2_000 } },
        discount: { code, items: { amount: 6_785 }, delivery: { amount: 0 } },
        total: { amount: 67_850 - 6_785 + 900 + 1_500 + 2_000 + 3_436 },
      },
    });
    expect(await getCart(userId)).toMatchObject({ couponCode: code });
  });

  it.each([
    ['unknown_code', {}],
    ['expired', { endsAt: new Date('2020-01-01T00:00:00.000Z') }],
    ['below_minimum', { minimumSubtotalMinor: 67_851 }],
    ['wrong_currency', { currency: 'EUR' }],
  ])('refuses with the reason %s and keeps nothing', async (reason, changes) => {
    const { userId, put } = await scene();
    const { code } = await createCoupon(changes);
    const res = await put(reason === 'unknown_code' ? 'NO-SUCH-CODE' : code).expect(422);
    const minimum = reason === 'below_minimum' ? { amount: 67_851, currency: 'INR' } : null;
    expect(res.body).toMatchObject({ error: { code: 'coupon_refused', details: { reason, minimum } } });
    expect(await getCart(userId)).toMatchObject({ couponCode: null });
  });

  it('knows who has ordered before, and whose order came to nothing', async () => {
    const { userId, put } = await scene();
    const { code } = await createCoupon({ firstOrderOnly: true });
    await createOrderIn('rejected', { customerId: userId });
    await put(code).expect(200);
    // It may still be paid, as may another that waits beside it.
    await createOrderIn('pending_payment', { customerId: userId });
    const res = await put(code).expect(422);
    expect(res.body).toMatchObject({ error: { details: { reason: 'first_order_only' } } });
  });

  it('refuses an empty cart, and what is no code', async () => {
    const { headers } = await logInAs();
    const put = (code: unknown) => app.request.put(PATH).set(headers).send({ code });
    const { code } = await createCoupon();
    expect((await put(code).expect(422)).body).toMatchObject({ error: { code: 'cart_empty' } });
    for (const bad of ['A', 'with blank', { $ne: null }, 7, 'x'.repeat(31), undefined]) await put(bad).expect(400);
  });

  it('takes the coupon out with null, as DELETE does, also where there is none', async () => {
    const { headers, userId, put } = await scene();
    const { code } = await createCoupon();
    await put(code).expect(200);
    const res = await put(null).expect(200);
    expect(res.body).toMatchObject({ coupon: null, pricing: { discount: null } });
    await put(code).expect(200);
    expectContract(removeCartCouponRoute, await app.request.delete(PATH).set(headers).expect(200));
    await app.request.delete(PATH).set(headers).expect(200);
    expect(await getCart(userId)).toMatchObject({ couponCode: null });
  });

  it('is for customers alone', async () => {
    await app.request.put(PATH).send({ code: 'WELCOME20' }).expect(401);
    await app.request.delete(PATH).expect(401);
    const { headers } = await logInAs({ roles: ['courier'] });
    await app.request.put(PATH).set(headers).send({ code: 'WELCOME20' }).expect(403);
  });
});

describe('GET /cart with a coupon', () => {
  it('says why it no longer holds, and takes nothing off', async () => {
    const { headers, put } = await scene();
    const { _id, code } = await createCoupon();
    await put(code).expect(200);
    await CouponModel.updateOne({ _id }, { isActive: false });
    const res = await app.request.get('/api/v1/cart').set(headers).expect(200);
    expect(res.body).toMatchObject({
      coupon: { code, reason: 'inactive' },
      lines: [{ discount: { amount: 0 } }, { discount: { amount: 0 } }],
      pricing: { discount: null },
    });
  });
});
