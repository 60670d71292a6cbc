import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { trusted } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADVERSARIAL, DEMO_ADDRESS_ID } from '../../../scripts/sample-city/adversarial.ts';
import { DEMO_EMAILS, seedCity, seedHistory } from '../../../scripts/sample-city/index.ts';
import { config } from '../../../src/config/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { CourierModel } from '../../../src/modules/deliveries/courier.model.ts';
import { findIdleCouriersNear, type IdleCourier } from '../../../src/modules/deliveries/couriers.queries.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { now, nowMs, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { openLogin, type Login } from '../../support/log-in.ts';

let app: TestApp;
let customer: Login;

/** The next day's clock in Saffron Bay stands at this hour; tokens are made after it is set. */
function clockAt(hour: number, minute = 0): void {
  setClock(null);
  const wanted = DateTime.fromMillis(nowMs(), { zone: 'Asia/Kolkata' })
    .plus({ days: 1 })
    .set({ hour, minute, second: 0 });
  setClock({ offsetMs: wanted.toMillis() - nowMs() });
}

beforeAll(async () => {
  clockAt(16, 30);
  app = await startTestApp();
  await seedCity({ profile: 'demo' });
  await seedHistory({ profile: 'tiny' });
  const row = await UserModel.findOne({ email: DEMO_EMAILS.customer }).lean<UserRow>();
  if (row === null) throw new Error('the city is not seeded');
  customer = await openLogin(row);
}, 60_000);
afterAll(async () => {
  setClock(null);
  await emptyCollections();
  await app.stop();
});

interface Body {
  [key: string]: unknown;
  id: string;
  error?: { code: string; details?: Record<string, unknown> | { code: string }[] };
}

async function post(path: string, body: object): Promise<{ status: number; body: Body }> {
  const headers = { ...customer.headers, 'Idempotency-Key': newId() };
  const res = await app.request.post(`/api/v1${path}`).set(headers).send(body);
  return { status: res.status, body: res.body as Body };
}

async function availability(restaurantId: string): Promise<Record<string, unknown>> {
  const res = await app.request.get(`/api/v1/restaurants/${restaurantId}/availability`);
  expect(res.status).toBe(200);
  return res.body as Record<string, unknown>;
}

async function itemOf({ restaurantId, itemName }: { restaurantId: string; itemName?: string }) {
  const items = await MenuItemModel.find({ restaurantId, isAvailable: true, soldOutUntil: null }).lean();
  const plain = items.filter(
    (item) =>
      item.stock === null && item.sizes.length === 0 && item.optionGroups.every(({ minSelect }) => minSelect === 0),
  );
  const found =
    itemName === undefined ? plain[0] : await MenuItemModel.findOne({ restaurantId, name: itemName }).lean();
  if (found == null) throw new Error('no such item');
  return found;
}

/** Puts it into the cart, in place of what was there. */
async function put(
  row: { restaurantId: string; itemName?: string },
  { quantity = 1, optionIds = [] as string[] } = {},
) {
  const { _id: itemId } = await itemOf(row);
  const { restaurantId } = row;
  await app.request.delete('/api/v1/cart').set(customer.headers);
  return post('/cart/items', { restaurantId, itemId, quantity, optionIds, replace: true });
}

const quote = (addressId = DEMO_ADDRESS_ID) => post('/quotes', { addressId, tipMinor: 0 });

/** Enough for any minimum. */
async function quoteOf(row: { restaurantId: string; itemName?: string }, addressId?: string) {
  const inCart = await put(row, { quantity: 9 });
  return inCart.status >= 400 ? inCart : quote(addressId);
}

const codes = ({ body }: { body: Body }): string[] => {
  const details = Array.isArray(body.error?.details) ? body.error.details.map(({ code }) => code) : [];
  return [body.error?.code ?? 'none', ...details];
};

/** As a round of offers looks for them. */
async function couriersNear(restaurantId: string): Promise<IdleCourier[]> {
  const restaurant = await RestaurantModel.findById(restaurantId).lean();
  if (restaurant === null) throw new Error('no such restaurant');
  const fixedAfter = secondsFromNow(-config.dispatch.fixMaxAgeSeconds);
  const search = { near: restaurant.location, radiusMeters: 8_000, fixedAfter, exceptIds: [], limit: 50 };
  return withTransaction((tx) => findIdleCouriersNear(tx, search));
}

describe('a restaurant that breaks naive code', () => {
  it('is open past midnight, and closed in the afternoon', async () => {
    const { restaurantId } = ADVERSARIAL.openPastMidnight;
    expect(await availability(restaurantId)).toMatchObject({ isOpen: false, reason: 'closed_hours' });
    clockAt(2);
    expect(await availability(restaurantId)).toMatchObject({ isOpen: true });
    clockAt(16, 30);
  });

  it('has split shifts: closed between them, with the evening as the next opening', async () => {
    const found = await availability(ADVERSARIAL.splitShifts.restaurantId);
    expect(found).toMatchObject({ isOpen: false, reason: 'closed_hours' });
    const next = DateTime.fromISO(String(found['nextOpenAt'])).setZone('Asia/Kolkata');
    expect([next.hour, next.minute]).toEqual([19, 0]);
  });

  it('is closed by an exception, or paused for twenty minutes, and sells nothing meanwhile', async () => {
    const closed = ADVERSARIAL.closedByException;
    expect(await availability(closed.restaurantId)).toMatchObject({ isOpen: false, reason: 'closed_exception' });
    expect(codes(await quoteOf(closed))).toEqual(['restaurant_unavailable']);
    const found = await availability(ADVERSARIAL.paused.restaurantId);
    expect(found).toMatchObject({ isOpen: false, reason: 'paused' });
    expect(Date.parse(String(found['nextOpenAt'])) - nowMs()).toBeLessThan(21 * 60_000);
    expect(codes(await quoteOf(ADVERSARIAL.paused))).toEqual(['restaurant_unavailable']);
  });

  it('is busy, and open all the same', async () => {
    expect(await availability(ADVERSARIAL.busy.restaurantId)).toMatchObject({ isOpen: true, isBusy: true });
  });

  it('is suspended or was never published: nobody finds it', async () => {
    for (const { restaurantId } of [ADVERSARIAL.suspended, ADVERSARIAL.draft]) {
      expect((await app.request.get(`/api/v1/restaurants/${restaurantId}`)).status).toBe(404);
    }
  });

  it('takes one order in half an hour, and refuses the next', async () => {
    const row = ADVERSARIAL.capacityFull;
    const [first, second] = [await quoteOf(row), await quoteOf(row)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect((await post('/orders', { quoteId: first.body.id, paymentMethod: 'card' })).status).toBe(201);
    const late = await post('/orders', { quoteId: second.body.id, paymentMethod: 'card' });
    expect(codes(late)).toEqual(['restaurant_unavailable']);
    expect(late.body.error?.details).toMatchObject({ reason: 'capacity_full' });
  });

  it('hands over its counter only: nothing is brought', async () => {
    const refused = await quoteOf(ADVERSARIAL.collectionOnly);
    expect(refused.body.error?.details).toMatchObject({ reason: 'mode_unavailable' });
  });

  it('delivers on the terms of an area, and not 30 meters beyond the last', async () => {
    expect((await quoteOf(ADVERSARIAL.termsByArea)).body).toMatchObject({ pricing: { deliveryFee: { amount: 0 } } });
    const { addressId } = ADVERSARIAL.outsideAreas;
    expect(codes(await quoteOf(ADVERSARIAL.outsideAreas, addressId))).toEqual(['out_of_range']);
  });

  it('does not deliver 30 meters outside its radius', async () => {
    const { addressId, ...row } = ADVERSARIAL.outsideRadius;
    expect(codes(await quoteOf(row, addressId))).toEqual(['out_of_range']);
    expect((await quoteOf(row)).status).toBe(201);
  });

  it('can be ordered from though no courier is in reach', async () => {
    const { addressId, ...row } = ADVERSARIAL.noCourierInRange;
    expect((await quoteOf(row, addressId)).status).toBe(201);
    const fleet = await CourierModel.find().lean();
    await CourierModel.updateMany({}, { $set: { isOnline: true, locationAt: now() } });
    expect(await couriersNear(row.restaurantId)).toEqual([]);
    await CourierModel.deleteMany({});
    await CourierModel.insertMany(fleet);
  });

  it('is called what it is called: with pictures, from right to left, very long', async () => {
    const { emojiName, rightToLeftName, veryLongName } = ADVERSARIAL;
    const names = await Promise.all(
      [emojiName, rightToLeftName, veryLongName].map(async ({ restaurantId }) => {
        const res = await app.request.get(`/api/v1/restaurants/${restaurantId}`);
        return (res.body as { name: string }).name;
      }),
    );
    expect(names[0]).toContain('🍕');
    expect(names[1]).toMatch(/\p{Script=Arabic}/u);
    expect(names[2]?.length).toBeGreaterThan(100);
  });

  it('is paid in money without decimals', async () => {
    const menu = await app.request.get(`/api/v1/restaurants/${ADVERSARIAL.withoutDecimals.restaurantId}/menu`);
    expect(menu.body).toMatchObject({ currency: 'JPY' });
  });
});

describe('a dish that breaks naive code', () => {
  it('misses the minimum by one', async () => {
    await put(ADVERSARIAL.minimumJustMissed);
    const refused = await quote();
    expect(refused.body.error).toMatchObject({
      code: 'below_minimum',
      details: { minimumMinor: 14_900, subtotalMinor: 14_899 },
    });
  });

  it('wants a choice, and not the one that is sold out', async () => {
    expect(codes(await put(ADVERSARIAL.requiredGroup))).toContain('too_few_options');
    const { optionGroups } = await itemOf(ADVERSARIAL.optionSoldOut);
    const optionIds = optionGroups.map(({ options }) => options.at(-1)?._id ?? '');
    expect(codes(await put(ADVERSARIAL.optionSoldOut, { optionIds }))).toContain('option_unavailable');
  });

  it.each(['itemSoldOut', 'itemSwitchedOff'] as const)('cannot be had: %s', async (key) => {
    const row = { itemSoldOut: ADVERSARIAL.itemSoldOut, itemSwitchedOff: ADVERSARIAL.itemSwitchedOff }[key];
    expect(codes(await put(row))).toContain('sold_out');
  });

  it('is not served at this hour', async () => {
    expect(codes(await put(ADVERSARIAL.outsideMealtime))).toContain('outside_mealtime');
  });

  it('is the last: two are too many', async () => {
    const two = await put(ADVERSARIAL.lastPortion, { quantity: 2 });
    expect(codes(two.status < 400 ? await quote() : two)).toContain('out_of_stock');
    expect((await put(ADVERSARIAL.lastPortion)).status).toBeLessThan(300);
  });

  it('has a price that thirds and taxes do not divide, and still adds up', async () => {
    await put(ADVERSARIAL.awkwardPrice, { quantity: 7 });
    const { pricing } = (await quote()).body as unknown as { pricing: Record<string, { amount: number }> };
    const of = (key: string): number => pricing[key]?.amount ?? 0;
    expect(of('items')).toBe(7 * 3_333);
    expect(of('total')).toBe(of('items') + of('deliveryFee') + of('serviceFee') + of('tax') + of('tip'));
  });
});

describe('a coupon that breaks naive code', () => {
  it('is at its last use: the second order is told so', async () => {
    const { code } = ADVERSARIAL.couponAtLastUse;
    const putCoupon = () =>
      app.request.put('/api/v1/cart/coupon').set(customer.headers).send({ code: code.toLowerCase() });
    await put(ADVERSARIAL.awkwardPrice, { quantity: 7 });
    await putCoupon().expect(200);
    const { id: quoteId } = (await quote()).body;
    expect((await post('/orders', { quoteId, paymentMethod: 'card' })).status).toBe(201);
    await put(ADVERSARIAL.awkwardPrice, { quantity: 7 });
    const refused = await putCoupon().expect(422);
    expect(refused.body).toMatchObject({ error: { code: 'coupon_refused', details: { reason: 'used_up' } } });
  });
});

describe('a courier or a payment that breaks naive code', () => {
  it('is one of two at the same distance: both stand in the search, in a fixed order', async () => {
    const { courierIds, restaurantId } = ADVERSARIAL.couriersAtEqualDistance;
    await CourierModel.updateMany(
      { _id: trusted({ $in: [...courierIds] }) },
      { $set: { isOnline: true, locationAt: now() } },
    );
    const found = await couriersNear(restaurantId);
    const pair = found.filter(({ _id }) => courierIds.some((id) => id === _id));
    expect(pair).toHaveLength(2);
    expect(pair[0]?.distanceMeters).toBe(pair[1]?.distanceMeters);
    const [first, second] = [await couriersNear(restaurantId), await couriersNear(restaurantId)];
    expect(second).toEqual(first);
  });

  it('was last seen ten minutes ago, and is not asked', async () => {
    const { courierIds, restaurantId } = ADVERSARIAL.courierWithOldFix;
    const [_id] = courierIds;
    const isFound = async () => (await couriersNear(restaurantId)).some((courier) => courier._id === _id);
    await CourierModel.updateOne({ _id }, { $set: { isOnline: true } });
    expect(await isFound()).toBe(false);
    await CourierModel.updateOne({ _id }, { $set: { locationAt: now() } });
    expect(await isFound()).toBe(true);
  });

  it('was half refunded: what is left is less than a full refund', async () => {
    const { paymentStatus } = ADVERSARIAL.partlyRefunded;
    const [payment, ...others] = await PaymentModel.find({ status: paymentStatus }).lean();
    expect(others).toEqual([]);
    expect(payment?.amountRefundedMinor).toBeGreaterThan(0);
    expect((payment?.amountCapturedMinor ?? 0) - (payment?.amountRefundedMinor ?? 0)).toBeLessThan(
      payment?.amountMinor ?? 0,
    );
  });
});

describe('the table of adversarial rows', () => {
  it('has no row that no test uses', () => {
    const text = readFileSync(import.meta.filename, 'utf8');
    const isUsed = (key: string): boolean =>
      new RegExp(`ADVERSARIAL\\.${key}\\b|\\{[^}]*\\b${key}\\b[^}]*\\} = ADVERSARIAL`).test(text);
    expect(Object.keys(ADVERSARIAL).filter((key) => !isUsed(key))).toEqual([]);
  });
});
