import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import {
  addCartItem,
  changeCartItem,
  clearCart,
  emptyCart,
  getCart,
  getPricedCart,
  MAX_LINES,
  removeCartItem,
  type AddCartItemInput,
} from '../../../src/modules/carts/carts.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildCartLine, createCart } from '../../factories/cart.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createKitchen, type Kitchen } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

function lassi(kitchen: Kitchen, changes: Partial<AddCartItemInput> = {}): AddCartItemInput {
  const { restaurantId } = kitchen;
  return { restaurantId, itemId: kitchen.lassi.id, quantity: 1, optionIds: [], replace: false, ...changes };
}

describe('addCartItem', () => {
  it('makes the cart with the first line and prices it by the menu', async () => {
    const kitchen = await createKitchen();
    const { id: itemId, large, egg } = kitchen.biryani;
    const cart = await addCartItem(lassi(kitchen, { itemId, quantity: 2, optionIds: [large, egg] }), newId());
    expect(cart).toMatchObject({
      restaurant: { id: kitchen.restaurantId },
      lines: [{ itemId, quantity: 2, unitPriceMinor: 32_400, lineTotalMinor: 64_800, problems: [] }],
      subtotalMinor: 64_800,
      version: 1,
    });
  });

  it('keeps every line when twenty tabs add the first ones at once', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await Promise.all(Array.from({ length: 20 }, (_, n) => addCartItem(lassi(kitchen, { quantity: n + 1 }), userId)));
    const cart = await getCart(userId);
    expect(cart.lines.map(({ quantity }) => quantity).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
    expect(cart.version).toBe(20);
  });

  it('lets one restaurant win when two tabs begin a cart at two of them', async () => {
    const kitchens = await Promise.all([createKitchen(), createKitchen()]);
    const userId = newId();
    const results = await Promise.allSettled(kitchens.map((kitchen) => addCartItem(lassi(kitchen), userId)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    const cart = await getCart(userId);
    expect(refused[0]?.reason).toMatchObject({
      code: 'cart_other_restaurant',
      details: { restaurantId: cart.restaurantId },
    });
    expect(cart.lines).toHaveLength(1);
  });

  it('gives up the other restaurant only when told to', async () => {
    const [first, second] = await Promise.all([createKitchen(), createKitchen()]);
    const userId = newId();
    await addCartItem(lassi(first), userId);
    await expect(addCartItem(lassi(second), userId)).rejects.toMatchObject({ code: 'cart_other_restaurant' });
    const cart = await addCartItem(lassi(second, { replace: true }), userId);
    expect(cart).toMatchObject({ restaurant: { id: second.restaurantId }, version: 2 });
    expect(cart.lines).toHaveLength(1);
  });

  it('adds to the cart of the same restaurant when told to replace another', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await addCartItem(lassi(kitchen), userId);
    expect((await addCartItem(lassi(kitchen, { replace: true }), userId)).lines).toHaveLength(2);
  });

  it('takes another restaurant once the cart is empty', async () => {
    const [first, second] = await Promise.all([createKitchen(), createKitchen()]);
    const userId = newId();
    const { lines } = await addCartItem(lassi(first), userId);
    await removeCartItem({ lineId: lines[0]?.id ?? '' }, userId);
    const cart = await addCartItem(lassi(second), userId);
    expect(cart).toMatchObject({ restaurant: { id: second.restaurantId }, version: 3 });
  });

  it('never holds more lines than it may, not even when the last place is fought for', async () => {
    const kitchen = await createKitchen();
    const lines = Array.from({ length: MAX_LINES - 1 }, () => buildCartLine({ itemId: kitchen.lassi.id }));
    const { _id: userId } = await createCart({ restaurantId: kitchen.restaurantId, lines });
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => addCartItem(lassi(kitchen), userId)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'cart_full' });
    expect((await getCart(userId)).lines).toHaveLength(MAX_LINES);
  });

  it('replaces a full cart of another restaurant', async () => {
    const kitchen = await createKitchen();
    const { _id: userId } = await createCart({ lines: Array.from({ length: MAX_LINES }, () => buildCartLine()) });
    expect((await addCartItem(lassi(kitchen, { replace: true }), userId)).lines).toHaveLength(1);
  });

  it('stores a note that looks like a field path as text', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await addCartItem(lassi(kitchen, { note: '$restaurantId' }), userId);
    await addCartItem(lassi(kitchen, { note: '$$ROOT' }), userId);
    expect((await getCart(userId)).lines.map(({ note }) => note)).toEqual(['$restaurantId', '$$ROOT']);
  });

  it('refuses what the kitchen cannot make', async () => {
    const kitchen = await createKitchen();
    const { id: itemId, small, large, egg } = kitchen.biryani;
    const userId = newId();
    const add = (changes: Partial<AddCartItemInput>) => addCartItem(lassi(kitchen, { itemId, ...changes }), userId);
    await expect(add({})).rejects.toMatchObject({ code: 'option_selection_invalid' });
    await expect(add({ optionIds: [small, large] })).rejects.toMatchObject({ code: 'option_selection_invalid' });
    await expect(add({ optionIds: [small, newId()] })).rejects.toMatchObject({
      details: [{ path: 'optionIds.1', code: 'unknown_option' }],
    });
    await expect(add({ itemId: newId() })).rejects.toMatchObject({ code: 'not_found' });
    await MenuItemModel.updateOne({ _id: itemId }, { isAvailable: false });
    await expect(add({ optionIds: [small, egg] })).rejects.toMatchObject({
      code: 'item_unavailable',
      details: [{ path: 'itemId', code: 'sold_out' }],
    });
    expect((await getCart(userId)).version).toBe(0);
  });

  it('refuses the item of another restaurant, and a restaurant that is not live', async () => {
    const [kitchen, other, draft] = await Promise.all([
      createKitchen(),
      createKitchen(),
      createKitchen({ status: 'draft' }),
    ]);
    const foreign = addCartItem(lassi(kitchen, { itemId: other.lassi.id }), newId());
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    await expect(addCartItem(lassi(draft), newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('getPricedCart', () => {
  it('shows the prices of this moment and what has sold out since', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await addCartItem(lassi(kitchen, { quantity: 2 }), userId);
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor: 7_000, isAvailable: false });
    const cart = await getPricedCart(userId);
    expect(cart).toMatchObject({ subtotalMinor: 14_000, lines: [{ problems: [{ code: 'sold_out' }] }] });
  });

  it('is empty for who never had one', async () => {
    expect(await getPricedCart(newId())).toMatchObject({ restaurant: null, lines: [], subtotalMinor: 0, version: 0 });
  });
});

describe('changeCartItem', () => {
  it('changes what is named and nothing else', async () => {
    const kitchen = await createKitchen();
    const { id: itemId, small, large } = kitchen.biryani;
    const userId = newId();
    const added = await addCartItem(lassi(kitchen, { itemId, optionIds: [small], note: 'Hot' }), userId);
    const lineId = added.lines[0]?.id ?? '';
    const changed = await changeCartItem({ lineId, quantity: 3, optionIds: [large] }, userId);
    expect(changed.lines).toMatchObject([{ quantity: 3, optionIds: [large], note: 'Hot', lineTotalMinor: 92_700 }]);
    const silent = await changeCartItem({ lineId, note: null }, userId);
    expect(silent.lines[0]).not.toHaveProperty('note');
    expect(silent.version).toBe(3);
  });

  it('refuses options that do not fit the line', async () => {
    const kitchen = await createKitchen();
    const { id: itemId, small } = kitchen.biryani;
    const userId = newId();
    const { lines } = await addCartItem(lassi(kitchen, { itemId, optionIds: [small] }), userId);
    const change = changeCartItem({ lineId: lines[0]?.id ?? '', optionIds: [] }, userId);
    await expect(change).rejects.toMatchObject({ code: 'option_selection_invalid' });
  });

  it('keeps both changes when two tabs change two lines at once', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await addCartItem(lassi(kitchen), userId);
    const { lines } = await addCartItem(lassi(kitchen), userId);
    await Promise.all(lines.map(({ id: lineId }, n) => changeCartItem({ lineId, quantity: n + 10 }, userId)));
    expect((await getCart(userId)).lines.map(({ quantity }) => quantity)).toEqual([10, 11]);
  });

  it('finds no line in the cart of somebody else', async () => {
    const kitchen = await createKitchen();
    const { lines } = await addCartItem(lassi(kitchen), newId());
    const lineId = lines[0]?.id ?? '';
    await expect(changeCartItem({ lineId, quantity: 2 }, newId())).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeCartItem({ lineId }, newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('emptying', () => {
  it('leaves a cart whose version goes on growing', async () => {
    const kitchen = await createKitchen();
    const userId = newId();
    await addCartItem(lassi(kitchen), userId);
    await emptyCart(userId);
    expect(await getCart(userId)).toMatchObject({ restaurantId: null, lines: [], version: 2 });
    await emptyCart(newId());
  });

  it('does not happen when the order that wanted it is rolled back', async () => {
    const { _id: userId, lines } = await createCart();
    const failed = withTransaction(async (tx) => {
      await clearCart(
        tx,
        userId,
        lines.map(({ id }) => id),
      );
      throw new Error('no order after all');
    });
    await expect(failed).rejects.toThrow('no order after all');
    expect((await getCart(userId)).lines).toHaveLength(1);
  });
});
