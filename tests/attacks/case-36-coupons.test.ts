import { beforeAll, describe, expect, it } from 'vitest';
import '../setup/with-local-cloud.ts';
import type { Quote } from '../../scripts/demo/bodies.ts';
import type { Player } from '../../scripts/demo/player.ts';
import { CouponUserModel, RedemptionModel } from '../../src/modules/promotions/coupon-use.model.ts';
import { CouponModel, type CouponRow } from '../../src/modules/promotions/coupon.model.ts';
import { createCoupon } from '../factories/coupon.ts';
import { atOnce } from '../support/at-once.ts';
import { DOOR, newPerson, saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { tryPlacing } from '../support/order-path.ts';
import { startApi } from '../support/processes.ts';

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi()]);
  bases = [first.base, second.base];
  restaurant = await saffronTable();
});

interface Buyer {
  customer: Player;
  quote: Quote;
}

async function fillCart(code: string, index: number): Promise<Player> {
  const customer = (await newPerson()).at(bases[index % bases.length] ?? '');
  const { restaurantId, itemId } = restaurant;
  await customer.call('POST', '/cart/items', { body: { restaurantId, itemId, quantity: 3, optionIds: [] } });
  await customer.call('PUT', '/cart/coupon', { body: { code } });
  return customer;
}

async function takeQuote(customer: Player): Promise<Buyer> {
  const { body: quote } = await customer.call<Quote>('POST', '/quotes', { body: { address: DOOR, tipMinor: 0 } });
  return { customer, quote };
}

/** One quote with the coupon for each of so many customers. */
async function buyers(code: string, count: number): Promise<Buyer[]> {
  const found: Buyer[] = [];
  // One after the other: what is tested is what comes after.
  for (let index = 0; index < count; index += 1) found.push(await takeQuote(await fillCart(code, index)));
  return found;
}

/** All quotes bought in the same tick, over both APIs; how many of them became an order. Nobody is told of a fault of ours. */
async function placeAll(quotes: readonly Buyer[]): Promise<number> {
  const answers = await atOnce(bases, quotes.length, (index) => {
    const buyer = quotes[index];
    if (buyer === undefined) throw new Error('more calls than quotes');
    return tryPlacing(buyer.customer, buyer.quote.id);
  });
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => ![201, 409, 422].includes(status))).toEqual([]);
  return statuses.filter((status) => status === 201).length;
}

async function stand({ _id }: CouponRow) {
  const [coupon, redemptions] = await Promise.all([
    CouponModel.findById(_id).lean<CouponRow>(),
    RedemptionModel.find({ couponId: _id }).comment('asked by a test').lean(),
  ]);
  const spentMinor = redemptions.reduce((sum, { discountMinor }) => sum + discountMinor, 0);
  expect(coupon).toMatchObject({ uses: redemptions.length, spentMinor });
  return { uses: redemptions.length, spentMinor };
}

describe('case 36: coupons used by many at once over two APIs', () => {
  it('a single-use coupon thirty times makes one order', async () => {
    const coupon = await createCoupon({ totalLimit: 1 });
    expect(await placeAll(await buyers(coupon.code, 30))).toBe(1);
    expect(await stand(coupon)).toMatchObject({ uses: 1 });
  }, 120_000);

  it('a customer uses it as often as one may, with six quotes at once', async () => {
    const coupon = await createCoupon({ perUserLimit: 2 });
    const customer = await fillCart(coupon.code, 0);
    const quotes: Buyer[] = [];
    for (let index = 0; index < 6; index += 1) quotes.push(await takeQuote(customer));
    expect(await placeAll(quotes)).toBe(2);
    expect(await stand(coupon)).toMatchObject({ uses: 2 });
    const counted = await CouponUserModel.find({ _id: new RegExp(`^${coupon._id}`) }).comment('asked by a test');
    expect(counted.map(({ uses }) => uses)).toEqual([2]);
  }, 60_000);

  it('a budget is spent to the last unit', async () => {
    const coupon = await createCoupon({ kind: 'amount', value: 500, budgetMinor: 2_000 });
    expect(await placeAll(await buyers(coupon.code, 10))).toBe(4);
    expect(await stand(coupon)).toEqual({ uses: 4, spentMinor: 2_000 });
  }, 60_000);
});
