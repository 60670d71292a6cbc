import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reorderRoute } from '../../../src/modules/checkout/reorder/reorder.schema.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { fillCart } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

/** Two large biryanis and a lassi, eaten. */
async function eaten() {
  const [login, kitchen] = await Promise.all([logInAs(), createKitchen()]);
  const { restaurantId, ownerId, biryani, lassi } = kitchen;
  const large = { optionId: biryani.large, name: 'Large', priceMinor: 6_000 };
  const order = await createOrderIn('delivered', {
    ...{ customerId: login.userId, restaurantId, ownerId },
    items: [
      {
        ...{ lineId: idFrom('line', 1), itemId: biryani.id, name: 'Vegetable biryani', quantity: 2, note: 'Hot' },
        ...{ unitPriceMinor: 30_900, options: [large], lineTotalMinor: 61_800 },
      },
      {
        ...{ lineId: idFrom('line', 2), itemId: lassi.id, name: 'Lassi', quantity: 1 },
        ...{ unitPriceMinor: 6_050, options: [], lineTotalMinor: 6_050 },
      },
    ],
  });
  return { login, kitchen, order };
}

function reorder({ headers }: Login, orderId: string, body: object = {}) {
  return app.request.post(`/api/v1/orders/${orderId}/reorder`).set(headers).send(body);
}

interface Reordered {
  cart: { lines: { itemId: string; quantity: number; options: { id: string }[]; note?: string }[]; subtotal: object };
  unavailable: object[];
}

describe('POST /orders/:orderId/reorder', () => {
  it('fills the cart with the same dishes, at the prices of today', async () => {
    const { login, kitchen, order } = await eaten();
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor: 7_000 });
    const res = await reorder(login, order._id).expect(200);
    expectContract(reorderRoute, res);
    const { cart, unavailable } = res.body as Reordered;
    expect(unavailable).toEqual([]);
    expect(cart.lines).toMatchObject([
      { itemId: kitchen.biryani.id, quantity: 2, options: [{ id: kitchen.biryani.large }], note: 'Hot' },
      { itemId: kitchen.lassi.id, quantity: 1, options: [] },
    ]);
    expect(cart.subtotal).toEqual({ amount: 68_800, currency: 'INR' });
  });

  it('leaves out what cannot be had any more, and says why', async () => {
    const { login, kitchen, order } = await eaten();
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { isAvailable: false });
    const { cart, unavailable } = (await reorder(login, order._id).expect(200)).body as Reordered;
    expect(cart.lines.map(({ itemId }) => itemId)).toEqual([kitchen.biryani.id]);
    expect(unavailable).toEqual([{ name: 'Lassi', reason: 'sold_out' }]);
    await MenuItemModel.deleteMany({ restaurantId: kitchen.restaurantId });
    const none = (await reorder(login, order._id).expect(200)).body as Reordered;
    expect(none.unavailable).toHaveLength(2);
  });

  it('gives up the cart of another restaurant only when it is told to', async () => {
    const { login, kitchen, order } = await eaten();
    const other = await createKitchen();
    await fillCart(other, login.userId);
    const refused = errorOf(await reorder(login, order._id).expect(409));
    expect(refused).toMatchObject({ code: 'cart_other_restaurant', details: { restaurantId: other.restaurantId } });
    const { cart } = (await reorder(login, order._id, { replace: true }).expect(200)).body as Reordered;
    expect(cart.lines.map(({ itemId }) => itemId)).toEqual([kitchen.biryani.id, kitchen.lassi.id]);
  });

  it('has nothing to order of a house that is closed for good', async () => {
    const { login, kitchen, order } = await eaten();
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { status: 'archived' });
    expect(errorOf(await reorder(login, order._id).expect(422))).toMatchObject({ details: { reason: 'not_live' } });
  });

  it('is for the customer of the order alone', async () => {
    const { order } = await eaten();
    await reorder(await logInAs(), order._id).expect(404);
    await reorder(await logInAs({ roles: ['support', 'customer'] }), order._id).expect(404);
    await reorder(await logInAs({ roles: ['courier'] }), order._id).expect(403);
  });
});
