import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCartRoute } from '../../../src/modules/carts/carts.schema.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
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

describe('GET /cart', () => {
  it('shows names, options and prices of this moment, as the document says', async () => {
    const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
    await fillCart(kitchen, userId);
    const res = await app.request.get('/api/v1/cart').set(headers).expect(200);
    expectContract(getCartRoute, res);
    expect(res.body).toMatchObject({
      restaurant: {
        id: kitchen.restaurantId,
        name: 'Biryani Wharf',
        minimumOrder: { amount: 14_900, currency: 'INR' },
      },
      lines: [
        {
          name: 'Vegetable biryani',
          options: [{ name: 'Large', price: { amount: 6_000, currency: 'INR' } }],
          note: 'Hot',
          unitPrice: { amount: 30_900 },
          lineTotal: { amount: 61_800 },
          problems: [],
        },
        { name: 'Lassi', lineTotal: { amount: 6_050 } },
      ],
      subtotal: { amount: 67_850, currency: 'INR' },
    });
  });

  it('says which line cannot be ordered, and why', async () => {
    const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
    await fillCart(kitchen, userId);
    await MenuItemModel.deleteOne({ _id: kitchen.biryani.id });
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { isAvailable: false });
    const res = await app.request.get('/api/v1/cart').set(headers).expect(200);
    expectContract(getCartRoute, res);
    expect(res.body).toMatchObject({
      lines: [
        { name: null, problems: [{ path: 'itemId', code: 'item_removed' }] },
        { name: 'Lassi', problems: [{ path: 'itemId', code: 'sold_out' }] },
      ],
    });
  });

  it('says so of a dish with nothing left to choose', async () => {
    const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
    await fillCart(kitchen, userId);
    const options = { 'optionGroups.0.options.$[].isAvailable': false };
    await MenuItemModel.updateOne({ _id: kitchen.biryani.id }, { $set: options });
    const res = await app.request.get('/api/v1/cart').set(headers).expect(200);
    const { lines } = res.body as { lines: { problems: { code: string }[] }[] };
    expect(lines[0]?.problems.map(({ code }) => code)).toEqual(['choices_sold_out', 'option_unavailable']);
  });

  it('is empty for who has none, also on the short base', async () => {
    const { headers } = await logInAs();
    const res = await app.request.get('/api/cart').set(headers).expect(200);
    expectContract(getCartRoute, res);
    expect(res.body).toEqual({ restaurant: null, lines: [], subtotal: null, pricing: null, coupon: null, version: 0 });
  });

  it('is for customers alone', async () => {
    await app.request.get('/api/v1/cart').expect(401);
    const { headers } = await logInAs({ roles: ['courier'] });
    await app.request.get('/api/v1/cart').set(headers).expect(403);
  });
});
