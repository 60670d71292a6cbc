import '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { receiptData } from '../../../src/modules/notifications/order-mail.ts';
import { OrderModel, type OrderRecord } from '../../../src/modules/orders/order.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const { label: _label, ...ADDRESS } = NEAR_HOME;
const SMALL = { _id: newId(), name: 'Half', priceMinor: 15_000, isAvailable: true, soldOutUntil: null };
const LARGE = { _id: newId(), name: 'Full', priceMinor: 27_500, isAvailable: true, soldOutUntil: null };

/** A customer, and a kitchen whose curry comes in two sizes. */
async function scene() {
  const [{ headers }, { restaurantId }] = await Promise.all([logInAs(), createKitchen()]);
  const { _id: itemId } = await createMenuItem({
    restaurantId,
    name: 'Curry',
    priceMinor: 15_000,
    sizes: [SMALL, LARGE],
  });
  const send = (path: string, body: object) =>
    app.request.post(`/api/v1${path}`).set(headers).set('Idempotency-Key', newId()).send(body);
  const line = { restaurantId, itemId, quantity: 2, optionIds: [], sizeId: LARGE._id };
  return { headers, itemId, send, line };
}

/** On another day of the week, whatever the restaurant's clock says. */
function anotherDay() {
  const weekday = ((now().getUTCDay() + 3) % 7) + 1;
  return [{ weekday, opens: '10:00', closes: '11:00' }];
}

describe('a size', () => {
  it('that was chosen is priced in the quote, kept in the order whatever becomes of the menu, and named in view and mail', async () => {
    const { headers, itemId, send, line } = await scene();
    await send('/cart/items', line).expect(201);
    const { body: quote } = (await send('/quotes', { address: ADDRESS }).expect(201)) as { body: { id: string } };
    const placed = await send('/orders', { quoteId: quote.id, paymentMethod: 'card' }).expect(201);
    await MenuItemModel.updateOne({ _id: itemId }, { $set: { 'sizes.1.name': 'Huge', 'sizes.1.priceMinor': 99_900 } });
    const { id } = placed.body as { id: string };
    const view = await app.request.get(`/api/v1/orders/${id}`).set(headers).expect(200);
    const amount = (value: number) => ({ amount: value, currency: 'INR' });
    expect((view.body as { items: unknown[] }).items).toMatchObject([
      {
        itemId,
        size: { sizeId: LARGE._id, name: 'Full', price: amount(27_500) },
        quantity: 2,
        lineTotal: amount(55_000),
      },
    ]);
    const order = (await OrderModel.findById(id).lean()) as OrderRecord;
    expect(order.items).toMatchObject([{ size: { sizeId: LARGE._id, name: 'Full', priceMinor: 27_500 } }]);
    expect(receiptData(order).items).toMatchObject([{ name: 'Curry, Full', quantity: 2 }]);
  });

  it('must be chosen where there are any, and be one of this dish', async () => {
    const { send, line } = await scene();
    const { sizeId: _sizeId, ...without } = line;
    for (const body of [without, { ...line, sizeId: newId() }]) {
      expect(errorOf(await send('/cart/items', body).expect(422)).code).toBe('option_selection_invalid');
    }
  });
});

describe('a dish outside its mealtime', () => {
  const REFUSAL = { details: [{ code: 'outside_mealtime' }] };

  it('goes into no cart', async () => {
    const { itemId, send, line } = await scene();
    await MenuItemModel.updateOne({ _id: itemId }, { $set: { mealtimes: anotherDay() } });
    const res = await send('/cart/items', line);
    expect([res.status, errorOf(res)]).toMatchObject([422, { code: 'item_unavailable', ...REFUSAL }]);
  });

  it('that went into one in time is shown there with the reason, and gets no quote', async () => {
    const { headers, itemId, send, line } = await scene();
    await send('/cart/items', line).expect(201);
    await MenuItemModel.updateOne({ _id: itemId }, { $set: { mealtimes: anotherDay() } });
    const cart = await app.request.get('/api/v1/cart').set(headers).expect(200);
    expect(cart.body).toMatchObject({ lines: [{ problems: [{ code: 'outside_mealtime' }] }] });
    const res = await send('/quotes', { address: ADDRESS });
    expect([res.status, errorOf(res)]).toMatchObject([422, { code: 'item_unavailable', ...REFUSAL }]);
  });

  it('that was quoted in time, and whose hour has passed since, is not ordered', async () => {
    const { itemId, send, line } = await scene();
    await send('/cart/items', line).expect(201);
    const { body: quote } = (await send('/quotes', { address: ADDRESS }).expect(201)) as { body: { id: string } };
    await MenuItemModel.updateOne({ _id: itemId }, { $set: { mealtimes: anotherDay() } });
    const res = await send('/orders', { quoteId: quote.id, paymentMethod: 'card' });
    expect([res.status, res.body]).toMatchObject([422, { error: { code: 'item_unavailable', ...REFUSAL } }]);
  });
});
