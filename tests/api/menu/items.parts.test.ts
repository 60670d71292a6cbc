import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  categoriesContracts,
  changeCategoryRoute,
  listCategoriesRoute,
} from '../../../src/modules/menu/editing/categories.schema.ts';
import {
  setItemAvailabilityRoute,
  setItemOptionsRoute,
  setItemSizesRoute,
  setItemStockRoute,
} from '../../../src/modules/menu/editing/editing.schema.ts';
import { MAX_CATEGORIES } from '../../../src/modules/menu/edit-menu.service.ts';
import { MenuCategoryModel } from '../../../src/modules/menu/menu-category.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCategory } from '../../factories/menu-item.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { addItem, inr, matching, menuScene, nth, type ItemBody, type MenuScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const SIZES = [
  { name: 'S', price: inr(10_000) },
  { name: 'L', price: inr(20_000) },
];
const GROUPS = [
  {
    ...{ name: 'Bread', minSelect: 1, maxSelect: 1 },
    options: [
      {
        ...{ name: 'Naan', price: inr(3_000) },
        groups: [{ name: 'Butter', minSelect: 0, maxSelect: 1, options: [{ name: 'Garlic', price: inr(500) }] }],
      },
      { name: 'None', price: inr(0) },
    ],
  },
];

const put = (scene: MenuScene, { id, version }: ItemBody, ...[part, body]: [string, object]) =>
  app.request.put(`/api/v1/items/${id}/${part}`).set(matching(scene.owner, version)).send(body);

describe('PUT /items/:itemId/options and /sizes', () => {
  it('keep the ids that are sent, so that carts survive, and give new ones to what is new', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene, { sizes: SIZES, optionGroups: GROUPS });
    const group = nth(item.optionGroups);
    const naan = nth(group.options);
    const butter = nth(naan.groups);
    const body = {
      optionGroups: [
        {
          ...{ id: group.id, name: 'Breads', minSelect: 0, maxSelect: 2 },
          options: [
            { name: 'Roti', price: inr(1) },
            {
              ...{ id: naan.id, name: 'Naan', price: inr(3_500) },
              groups: [
                {
                  ...{ id: butter.id, name: 'Butter', minSelect: 0, maxSelect: 1 },
                  options: [{ id: nth(butter.options).id, name: 'Garlic', price: inr(600) }],
                },
              ],
            },
          ],
        },
      ],
    };
    const res = await put(scene, item, 'options', body).expect(200);
    expectContract(setItemOptionsRoute, res);
    expect(res.body).toMatchObject({ version: 1, ...body });
    const changed = res.body as ItemBody;
    expect(nth(nth(changed.optionGroups).options).id).not.toBe(naan.id);
    await put(scene, item, 'options', body).expect(409);
    const sizes = [{ id: nth(item.sizes, 1).id, name: 'XL', price: inr(25_000) }];
    const resized = await put(scene, changed, 'sizes', { sizes }).expect(200);
    expectContract(setItemSizesRoute, resized);
    expect(resized.body).toMatchObject({ version: 2, sizes });
  });

  it('refuse one id for two, and ids of other items name nothing', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene, { sizes: SIZES });
    const id = nth(item.sizes, 0).id;
    const twice = [
      { id, name: 'A', price: inr(1) },
      { id, name: 'B', price: inr(1) },
    ];
    await put(scene, item, 'sizes', { sizes: twice }).expect(400);
    const foreign = newId();
    const res = await put(scene, item, 'sizes', { sizes: [{ id: foreign, name: 'A', price: inr(1) }] }).expect(200);
    expect((res.body as ItemBody).sizes[0]?.id).not.toBe(foreign);
  });
});

describe('PUT /items/:itemId/availability', () => {
  it('switches an item, a size and a nested option, by the kitchen, without a version', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene, { sizes: SIZES, optionGroups: GROUPS });
    const soldOutUntil = addMs(now(), 3_600_000).toISOString();
    const garlic = item.optionGroups[0]?.options[0]?.groups[0]?.options[0]?.id;
    const path = `/api/v1/items/${item.id}/availability`;
    const send = (body: object) => app.request.put(path).set(scene.kitchen.headers).send(body);
    const state = { isAvailable: true, soldOutUntil };
    const res = await send({
      item: state,
      sizes: [{ id: nth(item.sizes, 0).id, ...state }],
      options: [{ id: garlic, isAvailable: false }],
    });
    expectContract(setItemAvailabilityRoute, res);
    expect(res.status).toBe(200);
    expect(res.body).toMatchObject({ version: 1, soldOutUntil, sizes: [state, { soldOutUntil: null }] });
    const menu = await app.request.get(`/api/v1/restaurants/${scene.restaurantId}/menu`).expect(200);
    expect(menu.body).toMatchObject({
      categories: [
        {
          items: [
            {
              ...{ isAvailable: false, reason: 'sold_out', soldOutUntil, nextAvailableAt: soldOutUntil },
              optionGroups: [{ options: [{ groups: [{ options: [{ isAvailable: false }] }] }, {}] }],
            },
          ],
        },
      ],
    });
    await send({ options: [{ id: newId(), isAvailable: false }] }).expect(400);
    await send({ item: { isAvailable: true, soldOutUntil: addMs(now(), -1).toISOString() } }).expect(400);
  });
});

describe('PUT /items/:itemId/stock', () => {
  it('counts, corrects, and stops counting', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene);
    const send = (body: object) =>
      app.request.put(`/api/v1/items/${item.id}/stock`).set(scene.kitchen.headers).send(body);
    await send({ change: 1 }).expect(422);
    const res = await send({ count: 5 }).expect(200);
    expectContract(setItemStockRoute, res);
    expect((await send({ change: -5 }).expect(200)).body).toMatchObject({ stock: 0 });
    const menu = await app.request.get(`/api/v1/restaurants/${scene.restaurantId}/menu`).expect(200);
    expect(menu.body).toMatchObject({ categories: [{ items: [{ isAvailable: false, reason: 'out_of_stock' }] }] });
    const below = await send({ change: -1 }).expect(422);
    expect(below.body).toMatchObject({ error: { code: 'stock_out_of_bounds', details: [{ path: 'change' }] } });
    await send({ count: null }).expect(200);
    await send({ count: 1, change: 1 }).expect(400);
    await send({ count: -1 }).expect(400);
  });
});

describe('categories', () => {
  it('are listed, changed by version, put in order, and deleted when empty', async () => {
    const scene = await menuScene(app);
    const { restaurantId, owner, categoryId } = scene;
    expect(categoriesContracts).toHaveLength(6);
    const path = `/api/v1/restaurants/${restaurantId}/categories`;
    const body: unknown = (await app.request.post(path).set(owner.headers).send({ name: 'Sweets' }).expect(201)).body;
    const sweets = (body as { id: string }).id;
    const order = (categoryIds: string[]) => app.request.put(`${path}/order`).set(owner.headers).send({ categoryIds });
    await order([sweets]).expect(400);
    await order([sweets, categoryId]).expect(200);
    const res = await app.request.get(path).set(scene.kitchen.headers).expect(200);
    expectContract(listCategoriesRoute, res);
    expect(res.body).toMatchObject({
      data: [
        { id: sweets, rank: 0, version: 1 },
        { id: categoryId, rank: 1 },
      ],
    });
    const mealtimes = [{ weekday: 1, opens: '08:00', closes: '11:00' }];
    const one = `/api/v1/categories/${categoryId}`;
    const changed = await app.request.patch(one).set(matching(owner, 1)).send({ mealtimes }).expect(200);
    expectContract(changeCategoryRoute, changed);
    await app.request.patch(one).set(matching(owner, 1)).send({ mealtimes }).expect(409);
    await addItem(app, scene);
    const inUse = await app.request.delete(one).set(matching(owner, 2)).expect(409);
    expect(inUse.body).toMatchObject({ error: { code: 'category_in_use' } });
    await app.request.delete(`/api/v1/categories/${sweets}`).set(matching(owner, 1)).expect(204);
  });

  it('are at most a hundred, also when many come at once', async () => {
    const scene = await menuScene(app);
    const { restaurantId } = scene;
    for (let rank = 1; rank < MAX_CATEGORIES - 2; rank += 1) await createCategory({ restaurantId, rank });
    const path = `/api/v1/restaurants/${restaurantId}/categories`;
    const posts = Array.from({ length: 5 }, (_, index) =>
      app.request
        .post(path)
        .set(scene.owner.headers)
        .send({ name: `X ${index}` }),
    );
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 201, 422, 422, 422]);
    expect(await MenuCategoryModel.countDocuments({ restaurantId })).toBe(MAX_CATEGORIES);
  });

  it('have different names, however they are written', async () => {
    const { restaurantId, owner } = await menuScene(app);
    const path = `/api/v1/restaurants/${restaurantId}/categories`;
    const create = (name: string) => app.request.post(path).set(owner.headers).send({ name });
    expect((await create('MAINS').expect(409)).body).toMatchObject({
      error: { code: 'already_exists', details: [{ path: 'name' }] },
    });
    const soups = (await create('Soups').expect(201)).body as { id: string };
    const one = `/api/v1/categories/${soups.id}`;
    await app.request.patch(one).set(matching(owner, 0)).send({ name: 'mains' }).expect(409);
    await app.request.patch(one).set(matching(owner, 0)).send({ name: 'SOUPS' }).expect(200);
  });

  it('put their items in order', async () => {
    const scene = await menuScene(app);
    const a = await addItem(app, scene, { name: 'A' });
    const b = await addItem(app, scene, { name: 'B' });
    const path = `/api/v1/restaurants/${scene.restaurantId}/categories/${scene.categoryId}/order`;
    const order = (itemIds: string[]) => app.request.put(path).set(scene.owner.headers).send({ itemIds });
    await order([b.id]).expect(400);
    await order([b.id, a.id]).expect(204);
    const body: unknown = (await app.request.get(`/api/v1/items/${b.id}`).set(scene.owner.headers).expect(200)).body;
    expect(body).toMatchObject({ rank: 0, version: 1 });
  });
});

describe('a cart with sizes and nested options', () => {
  it('needs exactly one size, takes its price, and a nested option only with its parent', async () => {
    const scene = await menuScene(app);
    const item = await addItem(app, scene, { sizes: SIZES, optionGroups: GROUPS });
    const customer = await logInAs();
    const { options } = nth(item.optionGroups);
    const naan = nth(options);
    const none = nth(options, 1).id;
    const garlic = nth(nth(naan.groups).options).id;
    const line = { restaurantId: scene.restaurantId, itemId: item.id, quantity: 2 };
    const add = (choice: object) =>
      app.request
        .post('/api/v1/cart/items')
        .set(customer.headers)
        .send({ ...line, ...choice });
    const refused = async (choice: object, code: string) => {
      const body: unknown = (await add(choice).expect(422)).body;
      expect(body).toMatchObject({ error: { code: 'option_selection_invalid', details: [{ code }] } });
    };
    await refused({ optionIds: [naan.id] }, 'size_required');
    await refused({ sizeId: newId(), optionIds: [naan.id] }, 'unknown_size');
    const sizeId = nth(item.sizes, 1).id;
    await refused({ sizeId, optionIds: [none, garlic] }, 'parent_missing');
    const body: unknown = (await add({ sizeId, optionIds: [garlic, naan.id] }).expect(201)).body;
    expect(body).toMatchObject({
      lines: [{ size: { id: sizeId, name: 'L' }, unitPrice: inr(23_500), lineTotal: inr(47_000), problems: [] }],
    });
    const { lines } = body as { lines: { id: string }[] };
    const smaller = { sizeId: nth(item.sizes, 0).id };
    const path = `/api/v1/cart/items/${nth(lines).id}`;
    const changed = await app.request.patch(path).set(customer.headers).send(smaller).expect(200);
    expect(changed.body).toMatchObject({ lines: [{ unitPrice: inr(13_500) }] });
  });
});
