import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainDetached } from '../../../src/infra/lifecycle/detached.ts';
import {
  changeItemRoute,
  createItemRoute,
  getItemRoute,
  listItemsRoute,
} from '../../../src/modules/menu/editing/editing.schema.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { addItem, inr, matching, menuScene, type ItemBody } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const itemsOf = (restaurantId: string) => `/api/v1/restaurants/${restaurantId}/items`;
const itemPath = (itemId: string) => `/api/v1/items/${itemId}`;

describe('POST /restaurants/:restaurantId/items', () => {
  it('puts an item with sizes and nested options at the bottom of its category', async () => {
    const scene = await menuScene(app);
    await addItem(app, scene);
    const body = {
      ...{ categoryId: scene.categoryId, name: 'Thali', description: 'Rice,\nbread', price: inr(0), sku: 'T-1' },
      ...{ taxCategory: 'food', allergens: ['milk'], diets: ['vegetarian'], stock: 12 },
      sizes: [
        { name: 'Half', price: inr(20_000) },
        { name: 'Full', price: inr(35_000) },
      ],
      optionGroups: [
        {
          ...{ name: 'Bread', minSelect: 1, maxSelect: 1 },
          options: [
            { name: 'None', price: inr(0) },
            {
              ...{ name: 'Naan', price: inr(3_000) },
              groups: [{ name: 'Butter', minSelect: 0, maxSelect: 1, options: [{ name: 'Garlic', price: inr(500) }] }],
            },
          ],
        },
      ],
    };
    const res = await app.request.post(itemsOf(scene.restaurantId)).set(scene.manager.headers).send(body).expect(201);
    expectContract(createItemRoute, res);
    expect(res.headers).toMatchObject({ etag: '"0"', location: `/api/v1/items/${(res.body as ItemBody).id}` });
    expect(res.body).toMatchObject({ rank: 1, version: 0, stock: 12, sku: 'T-1', sizes: [{ name: 'Half' }, {}] });
    const stored = await MenuItemModel.findById((res.body as ItemBody).id).lean();
    expect(stored).toMatchObject({
      ...{ currency: 'INR', priceMinor: 0, description: 'Rice,\nbread' },
      optionGroups: [{ options: [{ name: 'None', groups: [] }, { groups: [{ options: [{ priceMinor: 500 }] }] }] }],
    });
    expect(stored?.searchTokens).not.toEqual([]);
  });

  it('takes yen without hundredths, and no other currency than the restaurant’s', async () => {
    const scene = await menuScene(app);
    await RestaurantModel.updateOne({ _id: scene.restaurantId }, { $set: { currency: 'JPY' } });
    const yen = { amount: 1_200, currency: 'JPY' };
    expect(await addItem(app, scene, { price: yen })).toMatchObject({ price: yen });
    // Its words are learned behind the answer.
    await drainDetached();
    const before = await hashDatabase();
    const body = {
      ...{ categoryId: scene.categoryId, name: 'Ramen', price: yen, taxCategory: 'food' },
      optionGroups: [{ name: 'Egg', minSelect: 0, maxSelect: 1, options: [{ name: 'Soft', price: inr(100) }] }],
    };
    const res = await app.request.post(itemsOf(scene.restaurantId)).set(scene.owner.headers).send(body).expect(422);
    expect(res.body).toMatchObject({
      error: { code: 'currency_mismatch', details: [{ path: 'optionGroups.0.options.0.price' }] },
    });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each([
    ['a minimum above the maximum', { minSelect: 2, maxSelect: 1 }],
    ['a maximum above the options there are', { minSelect: 0, maxSelect: 3 }],
    ['a maximum of none', { minSelect: 0, maxSelect: 0 }],
    [
      'two options of one name',
      {
        options: [
          { name: 'Egg', price: inr(1) },
          { name: 'egg', price: inr(2) },
        ],
      },
    ],
    ['a third level', { options: [deep(3), { name: 'B', price: inr(0) }] }],
    ['a fraction of a paisa', { options: [{ name: 'A', price: inr(0.5) }] }],
    ['no option', { options: [] }],
  ])('refuses an option group with %s', async (_name, changes) => {
    const scene = await menuScene(app);
    const options = [
      { name: 'A', price: inr(0) },
      { name: 'B', price: inr(0) },
    ];
    const group = { name: 'Group', minSelect: 0, maxSelect: 1, options, ...changes };
    const body = {
      ...{ categoryId: scene.categoryId, name: 'Dosa', price: inr(1), taxCategory: 'food' },
      optionGroups: [group],
    };
    const res = await app.request.post(itemsOf(scene.restaurantId)).set(scene.owner.headers).send(body).expect(400);
    expect(res.body).toMatchObject({ error: { code: 'validation_failed' } });
  });

  it('refuses a category of another restaurant, a number that is taken, and who may not edit', async () => {
    const scene = await menuScene(app);
    const foreign = await createCategory();
    const post = (body: object, headers = scene.owner.headers) =>
      app.request
        .post(itemsOf(scene.restaurantId))
        .set(headers)
        .send({ categoryId: scene.categoryId, name: 'Dosa', price: inr(1), taxCategory: 'food', ...body });
    await post({ categoryId: foreign._id }).expect(404);
    await post({ sku: 'A' }).expect(201);
    expect((await post({ sku: 'A' }).expect(409)).body).toMatchObject({
      error: { code: 'already_exists', details: [{ path: 'sku' }] },
    });
    expect((await post({ taxCategory: 'alcohol' }).expect(422)).body).toMatchObject({
      error: { code: 'tax_rate_missing', details: [{ path: 'taxCategory' }] },
    });
    await post({}, scene.kitchen.headers).expect(403);
    await post({}, scene.stranger.headers).expect(404);
  });
});

/** An option with groups in groups. */
function deep(levels: number): object {
  const option = { name: 'A', price: inr(0) };
  if (levels === 1) return option;
  return { ...option, groups: [{ name: 'Below', minSelect: 0, maxSelect: 1, options: [deep(levels - 1)] }] };
}

describe('PATCH /items/:itemId', () => {
  it('changes what is sent, raises the version, and turns a lost update away with the current one', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene, { description: 'Crisp' });
    const change = (version: number, body: object) =>
      app.request.patch(itemPath(item.id)).set(matching(scene.owner, version)).send(body);
    const res = await change(0, { price: inr(19_000), name: 'Dosa XL' }).expect(200);
    expectContract(changeItemRoute, res);
    expect(res.headers['etag']).toBe('"1"');
    expect(res.body).toMatchObject({ version: 1, name: 'Dosa XL', description: 'Crisp', price: inr(19_000) });
    const lost = await change(0, { name: 'Lost' }).expect(409);
    expect(lost.body).toMatchObject({ error: { code: 'version_conflict', details: { currentVersion: 1 } } });
    const bare = app.request.patch(itemPath(item.id)).set(scene.owner.headers).send({ name: 'Blind' });
    expect((await bare.expect(400)).body).toMatchObject({ error: { code: 'if_match_missing' } });
    expect((await change(1, { price: { amount: 1, currency: 'EUR' } }).expect(422)).body).toMatchObject({
      error: { code: 'currency_mismatch' },
    });
  });

  it('moves an item to the bottom of another category of its own restaurant', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene);
    const { _id: sweets } = await createCategory({ restaurantId: scene.restaurantId, name: 'Sweets', rank: 1 });
    await createMenuItem({ restaurantId: scene.restaurantId, categoryId: sweets, rank: 6 });
    const path = itemPath(item.id);
    const move = (categoryId: string) => app.request.patch(path).set(matching(scene.owner, 0)).send({ categoryId });
    expect((await move(sweets).expect(200)).body).toMatchObject({ categoryId: sweets, rank: 7 });
    await app.request
      .patch(path)
      .set(matching(scene.owner, 1))
      .send({ categoryId: (await createCategory())._id })
      .expect(404);
  });
});

describe('DELETE /items/:itemId', () => {
  it('takes the version that was seen', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene);
    await app.request.delete(itemPath(item.id)).set(matching(scene.owner, 3)).expect(409);
    await app.request.delete(itemPath(item.id)).set(matching(scene.owner, 0)).expect(204);
    await app.request.get(itemPath(item.id)).set(scene.owner.headers).expect(404);
  });
});

describe('the console’s view of items', () => {
  it('shows all, page by page, to the kitchen too', async () => {
    const scene = await menuScene(app);
    for (const name of ['A', 'B', 'C']) await addItem(app, scene, { name });
    await MenuItemModel.updateOne({ name: 'B' }, { $set: { isAvailable: false } });
    const list = async (query: object) => {
      const res = await app.request
        .get(itemsOf(scene.restaurantId))
        .query(query)
        .set(scene.kitchen.headers)
        .expect(200);
      expectContract(listItemsRoute, res);
      return res.body as { data: { name: string }[]; page: { nextCursor: string | null } };
    };
    const first = await list({ limit: 2 });
    expect(first.data).toMatchObject([{ name: 'A' }, { name: 'B', isAvailable: false }]);
    const second = await list({ limit: 2, cursor: first.page.nextCursor });
    expect(second).toMatchObject({ data: [{ name: 'C' }], page: { nextCursor: null } });
    await app.request.get(itemsOf(scene.restaurantId)).query({ cursor: 'x.y' }).set(scene.owner.headers).expect(400);
  });

  it('ends a page of heavy dishes early, and shows each once', async () => {
    const { restaurantId, owner } = await menuScene(app);
    const { _id: categoryId } = await createCategory({ restaurantId });
    // As a row may be that was written before dishes had bounds: forty kilobytes each.
    const description = 'x'.repeat(40_000);
    const draft = await createMenuItem({ restaurantId, categoryId, name: 'D 0', rank: 0 });
    const rows = Array.from({ length: 30 }, (_, rank) => {
      return { ...draft, _id: newId(), name: `D ${rank + 1}`, rank: rank + 1, description };
    });
    await MenuItemModel.collection.insertMany(rows as never[]);
    const names: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: 100, ...(cursor === null ? {} : { cursor }) };
      const res = await app.request.get(itemsOf(restaurantId)).query(query).set(owner.headers).expect(200);
      const body = res.body as { data: { name: string }[]; page: { nextCursor: string | null } };
      expect(res.text.length).toBeLessThan(600_000);
      names.push(...body.data.map(({ name }) => name));
      sizes.push(body.data.length);
      cursor = body.page.nextCursor;
    } while (cursor !== null);
    expect(names).toEqual(Array.from({ length: 31 }, (_, rank) => `D ${rank}`));
    expect(sizes).toHaveLength(3);
  });

  it('shows one with its tag, to nobody else', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene);
    const res = await app.request.get(itemPath(item.id)).set(scene.kitchen.headers).expect(200);
    expectContract(getItemRoute, res);
    expect(res.headers['etag']).toBe('"0"');
    await app.request.get(itemPath(item.id)).set(scene.stranger.headers).expect(404);
    await app.request.get(itemPath(newId())).set(scene.owner.headers).expect(404);
  });
});
