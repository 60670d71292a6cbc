import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { getMenuRoute } from '../../../src/modules/menu/menu.schema.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const { label: _label, ...ADDRESS } = NEAR_HOME;
/** Friday, 20:00 in Kolkata. */
const EVENING = new Date('2026-11-20T14:30:00.000Z');
/** Saturday, 08:00 there; its kitchen begins at 07:40. */
const BREAKFAST = '2026-11-21T02:30:00.000Z';
/** Saturday, 20:00 there. */
const DINNER = '2026-11-21T14:30:00.000Z';

const daily = (opens: string, closes: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));

/** A house with a breakfast (07:00 to 11:00) and a dinner (18:00 to 23:00), and a customer in the evening before. */
async function scene(changes: Partial<RestaurantRow> = {}, at: Date = EVENING) {
  setClock({ frozenAt: at });
  const [{ headers }, { restaurantId }] = await Promise.all([logInAs(), createKitchen(changes)]);
  const dish = { restaurantId, priceMinor: 30_000 };
  const [idli, thali] = await Promise.all([
    createMenuItem({ ...dish, name: 'Idli', mealtimes: daily('07:00', '11:00') }),
    createMenuItem({ ...dish, name: 'Thali', mealtimes: daily('18:00', '23:00') }),
  ]);
  const send = (path: string, body: object) =>
    app.request.post(`/api/v1${path}`).set(headers).set('Idempotency-Key', newId()).send(body);
  const put = (itemId: string, slot?: string) =>
    send(`/cart/items${slot === undefined ? '' : `?slot=${slot}`}`, { restaurantId, itemId, quantity: 1 });
  const quote = (startAt?: string) =>
    send('/quotes', { address: ADDRESS, ...(startAt === undefined ? {} : { slot: { startAt } }) });
  const cart = async (slot?: string) => {
    const res = await app.request.get(`/api/v1/cart${slot === undefined ? '' : `?slot=${slot}`}`).set(headers);
    return res.body as { restaurant: { availability: object }; lines: { name: string; problems: object[] }[] };
  };
  return { headers, restaurantId, idli: idli._id, thali: thali._id, send, put, quote, cart };
}

const problemsIn = ({ lines }: { lines: { name: string; problems: object[] }[] }) =>
  lines.map(({ name, problems }) => [name, problems]);
const OUTSIDE = { path: 'itemId', code: 'outside_mealtime' };

describe('a breakfast dish in the evening', () => {
  it('goes into the cart for the morning, fits it there and not now, and is ordered for it', async () => {
    const { idli, send, put, quote, cart } = await scene();
    expect(errorOf(await put(idli).expect(422))).toMatchObject({ code: 'item_unavailable', details: [OUTSIDE] });
    expect(((await put(idli, BREAKFAST).expect(201)).body as { lines: object[] }).lines).toMatchObject([
      { problems: [] },
    ]);
    expect(problemsIn(await cart(BREAKFAST))).toEqual([['Idli', []]]);
    expect(problemsIn(await cart())).toMatchObject([['Idli', [OUTSIDE]]]);
    expect(errorOf(await quote().expect(422))).toMatchObject({
      ...{ code: 'item_unavailable', details: [{ path: 'lines.0.itemId', code: 'outside_mealtime' }] },
    });
    const { id: quoteId } = (await quote(BREAKFAST).expect(201)).body as { id: string };
    const { id } = (await send('/orders', { quoteId, paymentMethod: 'card' }).expect(201)).body as { id: string };
    expect(await OrderModel.findById(id).lean()).toMatchObject({
      items: [{ name: 'Idli' }],
      slot: { startAt: new Date(BREAKFAST) },
    });
  });

  it('is ordered again for the morning, and left out for now', async () => {
    const { idli, send, put, quote, headers } = await scene();
    await put(idli, BREAKFAST).expect(201);
    const { id: quoteId } = (await quote(BREAKFAST).expect(201)).body as { id: string };
    const { id } = (await send('/orders', { quoteId, paymentMethod: 'card' }).expect(201)).body as { id: string };
    const again = (query: string) => app.request.post(`/api/v1/orders/${id}/reorder${query}`).set(headers).send({});
    expect((await again('').expect(200)).body).toMatchObject({
      unavailable: [{ name: 'Idli', reason: 'outside_mealtime' }],
    });
    expect((await again(`?slot=${BREAKFAST}`).expect(200)).body).toMatchObject({
      unavailable: [],
      cart: { lines: [{ name: 'Idli', problems: [] }] },
    });
  });
});

describe('the menu', () => {
  it('is shown for now, and for a slot as its cart judges it; each is a page of its own', async () => {
    const { restaurantId } = await scene();
    const { _id: categoryId } = await createCategory({ restaurantId });
    await MenuItemModel.updateMany({ restaurantId }, { categoryId });
    const shown = async (slot?: string) => {
      const query = slot === undefined ? '' : `?slot=${slot}`;
      const res = await app.request.get(`/api/v1/restaurants/${restaurantId}/menu${query}`).expect(200);
      expectContract(getMenuRoute, res);
      const { categories } = res.body as { categories: { items: { name: string; reason: string | null }[] }[] };
      const dishes = categories.flatMap(({ items }) => items).filter(({ name }) => name === 'Idli' || name === 'Thali');
      return Object.fromEntries(dishes.map(({ name, reason }) => [name, reason]));
    };
    // Twice: out of the cache, too.
    for (let time = 0; time < 2; time += 1) {
      expect(await shown()).toEqual({ Idli: 'outside_mealtime', Thali: null });
      expect(await shown(BREAKFAST)).toEqual({ Idli: null, Thali: 'outside_mealtime' });
      expect(await shown(DINNER)).toEqual({ Idli: 'outside_mealtime', Thali: null });
    }
  });

  it('for a slot whose kitchen should have begun, that is none, or not a time, is refused', async () => {
    const { restaurantId } = await scene();
    const ask = (slot: string) => app.request.get(`/api/v1/restaurants/${restaurantId}/menu?slot=${slot}`);
    expect(errorOf(await ask('2026-11-21T02:31:00.000Z').expect(422)).details).toEqual({ reason: 'no_such_slot' });
    await ask('tomorrow').expect(400);
    setClock({ frozenAt: new Date('2026-11-21T02:10:00.000Z') });
    await ask(BREAKFAST).expect(200);
    setClock({ frozenAt: new Date('2026-11-21T02:10:00.001Z') });
    expect(errorOf(await ask(BREAKFAST).expect(422)).details).toEqual({ reason: 'too_soon' });
  });
});

describe('a dinner dish in the evening', () => {
  it('is refused for the morning by cart, quote and order, with its path, and taken for the next evening', async () => {
    const { idli, thali, put, quote, cart } = await scene();
    expect(errorOf(await put(thali, BREAKFAST).expect(422)).details).toMatchObject([OUTSIDE]);
    await put(idli, BREAKFAST).expect(201);
    await put(thali).expect(201);
    expect(problemsIn(await cart(BREAKFAST))).toMatchObject([
      ['Idli', []],
      ['Thali', [OUTSIDE]],
    ]);
    expect(errorOf(await quote(BREAKFAST).expect(422)).details).toMatchObject([
      { path: 'lines.1.itemId', code: 'outside_mealtime' },
    ]);
    expect(errorOf(await quote(DINNER).expect(422)).details).toMatchObject([
      { path: 'lines.0.itemId', code: 'outside_mealtime' },
    ]);
  });

  it('whose hours change between quote and order is not ordered', async () => {
    const { thali, send, put, quote } = await scene();
    await put(thali, DINNER).expect(201);
    const { id: quoteId } = (await quote(DINNER).expect(201)).body as { id: string };
    await MenuItemModel.updateOne({ _id: thali }, { $set: { mealtimes: daily('21:00', '23:00') } });
    const refused = await send('/orders', { quoteId, paymentMethod: 'card' }).expect(422);
    expect(errorOf(refused)).toMatchObject({
      code: 'item_unavailable',
      details: [{ path: 'lines.0.itemId', code: 'outside_mealtime' }],
    });
  });
});

describe('a dish that is sold out until a time', () => {
  it('is had in a slot whose kitchen begins then, and not in the one before', async () => {
    const { restaurantId, put, quote, cart } = await scene();
    const soldOutUntil = new Date('2026-11-21T02:10:00.000Z');
    const { _id: chai } = await createMenuItem({ restaurantId, name: 'Chai', priceMinor: 30_000, soldOutUntil });
    expect(errorOf(await put(chai, '2026-11-21T02:00:00.000Z').expect(422)).details).toMatchObject([
      { path: 'itemId', code: 'sold_out' },
    ]);
    await put(chai, BREAKFAST).expect(201);
    expect(problemsIn(await cart('2026-11-21T02:00:00.000Z'))).toMatchObject([['Chai', [{ code: 'sold_out' }]]]);
    await quote('2026-11-21T02:00:00.000Z').expect(422);
    await quote(BREAKFAST).expect(201);
  });
});

describe('a house that is closed now', () => {
  it('and open at the slot takes what is for the slot, and says so in the cart', async () => {
    const { idli, put, quote, cart } = await scene({ hours: daily('06:00', '19:00') });
    await put(idli, BREAKFAST).expect(201);
    expect((await cart()).restaurant.availability).toMatchObject({ isOpen: false, reason: 'closed_hours' });
    expect((await cart(BREAKFAST)).restaurant.availability).toMatchObject({ isOpen: true });
    expect(errorOf(await quote().expect(422)).code).toBe('restaurant_unavailable');
    await quote(BREAKFAST).expect(201);
    expect((await cart(DINNER)).restaurant.availability).toMatchObject({ isOpen: false });
    expect(errorOf(await quote(DINNER).expect(422)).code).toBe('slot_unavailable');
  });

  it('because it is paused takes an order for a slot after the pause', async () => {
    const { restaurantId, idli, put, quote } = await scene();
    await RestaurantModel.updateOne({ _id: restaurantId }, { $set: { pausedUntil: new Date('2026-11-20T17:00:00Z') } });
    await put(idli, BREAKFAST).expect(201);
    await quote(BREAKFAST).expect(201);
  });
});

describe('a slot that cannot be had', () => {
  it.each([
    ['is none of the list', '2026-11-21T02:31:00.000Z', 'no_such_slot'],
    ['has passed', '2026-11-20T02:30:00.000Z', 'no_such_slot'],
    ['needs a kitchen that began already', EVENING.toISOString(), 'too_soon'],
  ])('because it %s is refused by cart and quote alike', async (_, slot, reason) => {
    const { thali, put, quote, headers } = await scene();
    await put(thali).expect(201);
    for (const res of [await put(thali, slot), await quote(slot), await getCart(headers, slot)]) {
      expect([res.status, errorOf(res)]).toMatchObject([422, { code: 'slot_unavailable', details: { reason } }]);
    }
  });

  it('because it is no time is 400', async () => {
    const { headers } = await scene();
    expect((await getCart(headers, 'tomorrow')).status).toBe(400);
  });
});

function getCart(headers: Record<string, string>, slot: string) {
  return app.request.get('/api/v1/cart').query({ slot }).set(headers);
}

describe('breakfast on the morning on which the clock is changed', () => {
  // New York, Sunday 2026-11-01: 01:00 comes twice, so that 07:00 is eight hours after midnight.
  it('is served at its hour on the wall', async () => {
    const { idli, put, quote } = await scene({ timeZone: 'America/New_York' }, new Date('2026-10-31T22:00:00.000Z'));
    // Cooked from 06:40 on, by the wall.
    expect(errorOf(await put(idli, '2026-11-01T12:00:00.000Z').expect(422)).details).toMatchObject([OUTSIDE]);
    // From 07:10 on.
    await put(idli, '2026-11-01T12:30:00.000Z').expect(201);
    await quote('2026-11-01T12:30:00.000Z').expect(201);
  });
});
