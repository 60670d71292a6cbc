import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { applyImport } from '../../../src/modules/menu/transfer/apply-import.service.ts';
import type { MenuDocument } from '../../../src/modules/menu/transfer/menu-document.schema.ts';
import { MenuImportModel } from '../../../src/modules/menu/transfer/menu-import.model.ts';
import {
  duplicateMenuRoute,
  exportMenuRoute,
  getMenuImportRoute,
  importMenuRoute,
} from '../../../src/modules/menu/transfer/transfer.schema.ts';
import { MenuCategoryModel } from '../../../src/modules/menu/menu-category.model.ts';
import { MenuItemModel, type MenuItemRow } from '../../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { RestaurantStaffModel } from '../../../src/modules/staff/restaurant-staff.model.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import type { Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { settle } from '../../support/settle.ts';
import { addItem, inr, menuScene, type MenuScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const at = (restaurantId: string, rest: string) => `/api/v1/restaurants/${restaurantId}/menu/${rest}`;

async function exported(restaurantId: string, login: Login, format: 'csv' | 'json'): Promise<string> {
  const res = await app.request.get(at(restaurantId, 'export')).query({ format }).set(login.headers).expect(200);
  return res.text;
}

function send(
  scene: Pick<MenuScene, 'restaurantId' | 'owner'>,
  file: string,
  { type = 'text/csv', mode = 'merge' } = {},
) {
  return app.request
    .post(at(scene.restaurantId, 'import'))
    .query({ mode })
    .set(scene.owner.headers)
    .set('Content-Type', type)
    .send(file);
}

/** Sends the file and does what the job does. */
async function take(scene: Pick<MenuScene, 'restaurantId' | 'owner'>, file: string, options = {}) {
  const body: unknown = (await send(scene, file, options).expect(202)).body;
  const { id } = body as { id: string };
  await applyImport(id);
  const res = await app.request
    .get(at(scene.restaurantId, `imports/${id}`))
    .set(scene.owner.headers)
    .expect(200);
  expectContract(getMenuImportRoute, res);
  return res.body as { id: string; status: string; report: { row: number | null; path: string; code: string }[] };
}

/** Without what is new in every copy. */
function plain(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => (key === 'id' ? undefined : value));
}

/** One of everything. */
async function fullMenu(): Promise<MenuScene> {
  const scene = await menuScene(app);
  await addItem(app, scene, {
    name: '=HYPERLINK("http://x"), "Dosa"',
    description: '+1,\n-2;\n"three"\n🍛 سمك',
    stock: 5,
  });
  await addItem(app, scene, {
    ...{ name: "'=quoted", sku: '@7', allergens: ['milk', 'egg'], diets: ['halal'] },
    mealtimes: [{ weekday: 1, opens: '08:00', closes: '24:00' }],
    sizes: [
      { name: 'S', price: inr(1) },
      { name: 'L', price: inr(2) },
    ],
    optionGroups: [
      {
        ...{ name: 'Bread', minSelect: 1, maxSelect: 1 },
        options: [
          {
            ...{ name: 'Naan', price: inr(30) },
            groups: [{ name: 'Butter', minSelect: 0, maxSelect: 1, options: [{ name: 'Garlic', price: inr(5) }] }],
          },
          { name: 'None', price: inr(0) },
        ],
      },
      { name: 'Dip', minSelect: 0, maxSelect: 1, options: [{ name: '-none-', price: inr(0) }] },
    ],
  });
  return scene;
}

const HEADER = 'type,name,price,currency,taxCategory,sku\n';

describe('GET /restaurants/:restaurantId/menu/export', () => {
  it('gives the menu as JSON, and as a CSV that no spreadsheet runs', async () => {
    const scene = await fullMenu();
    const res = await app.request.get(at(scene.restaurantId, 'export')).set(scene.owner.headers).expect(200);
    expectContract(exportMenuRoute, res);
    expect(res.headers['content-disposition']).toContain(`menu-${scene.restaurantId}.json`);
    const csv = await exported(scene.restaurantId, scene.owner, 'csv');
    expect(csv).toContain(`"'=HYPERLINK(""http://x""), ""Dosa"""`);
    expect(csv).toContain(",''=quoted,");
    expect(csv).toContain(",'-none-,");
    await app.request.get(at(scene.restaurantId, 'export')).set(scene.kitchen.headers).expect(403);
    await app.request.get(at(scene.restaurantId, 'export')).set(scene.stranger.headers).expect(404);
  });
});

describe('POST /restaurants/:restaurantId/menu/import', () => {
  it.each([
    ['csv', 'text/csv'],
    ['json', 'application/json'],
  ] as const)('takes an exported %s into an empty branch, to the letter', async (format, type) => {
    const scene = await fullMenu();
    const { _id: restaurantId } = await createRestaurant({ ownerId: scene.owner.userId });
    const file = await exported(scene.restaurantId, scene.owner, format);
    const result = await take({ restaurantId, owner: scene.owner }, file, { type, mode: 'replace' });
    expect(result).toMatchObject({ status: 'applied', categories: 1, items: 2, report: [{ code: 'created' }, {}] });
    const [before, after] = await Promise.all(
      [scene.restaurantId, restaurantId].map((id) => exported(id, scene.owner, 'json')),
    );
    expect(plain(after ?? '')).toEqual(plain(before ?? ''));
    expect(await MenuImportModel.findById(result.id).lean()).toMatchObject({ body: null });
  });

  it('answers at once, with a promise to a job, and takes one file at a time', async () => {
    const scene = await menuScene(app);
    const res = await send(scene, HEADER).expect(202);
    expectContract(importMenuRoute, res);
    const { id } = res.body as { id: string };
    expect(res.headers['location']).toBe(at(scene.restaurantId, `imports/${id}`));
    expect(await OutboxModel.findOne({ event: 'menu.import_requested' }).lean()).toMatchObject({
      payload: { importId: id },
    });
    expect((await send(scene, HEADER).expect(409)).body).toMatchObject({ error: { code: 'import_running' } });
    await app.request
      .get(at(scene.restaurantId, `imports/${id}`))
      .set(scene.stranger.headers)
      .expect(404);
  });

  it('takes nothing of a file with faults, and names them row by row', async () => {
    const scene = await fullMenu();
    const before = await exported(scene.restaurantId, scene.owner, 'json');
    const file = [
      'type,name,price,currency,taxCategory,minSelect,maxSelect',
      'category,Good,,,,,',
      'item,Fine,100,INR,food,,',
      'item,No price,,INR,food,,',
      'item,Odd price,1.5,INR,food,,',
      'item,Odd tax,100,INR,feud,,',
      'option,Orphan,100,INR,,,',
      'group,Impossible,,,,2,1',
      'option,A,0,INR,,,',
      'dish,What,,,,,',
    ].join('\n');
    const { status, report } = await take(scene, file);
    expect(status).toBe('refused');
    expect(report.map(({ row }) => row).toSorted((a, b) => Number(a) - Number(b))).toEqual([4, 5, 6, 7, 8, 10]);
    const foreign = await take(scene, `${HEADER}category,C\nitem,Dear,5,EUR,food,\n`);
    expect(foreign).toMatchObject({ status: 'refused', report: [{ row: 3, code: 'currency_mismatch' }] });
    const twins = await take(scene, `${HEADER}category,C\nitem,A,5,INR,food,x\nitem,B,5,INR,food,x\n`);
    expect(twins).toMatchObject({ status: 'refused', report: [{ row: 4, code: 'duplicate' }] });
    expect(await exported(scene.restaurantId, scene.owner, 'json')).toBe(before);
  });

  it.each([
    ['no table', 'a "quote out of place', 'text/csv', 'csv_invalid'],
    ['an unknown column', 'type,name,colour\n', 'text/csv', 'csv_invalid'],
    ['no JSON', '{', 'application/json', 'malformed_json'],
    ['another document', '{"format":"x","categories":[]}', 'application/json', 'invalid_value'],
  ])('refuses %s with a report', async (...[, file, type, code]) => {
    const scene = await menuScene(app);
    const { status, report } = await take(scene, file, { type });
    expect(status).toBe('refused');
    expect(report.map((note) => note.code)).toContain(code);
  });

  it('merges by number: what is named changes and keeps its ids and its stock, the rest stays', async () => {
    const scene = await fullMenu();
    await addItem(app, scene, { name: 'Counted', sku: 'C', stock: 3 });
    const [before] = await MenuItemModel.find({ sku: 'C' }).lean<MenuItemRow[]>();
    const file = `${HEADER}category,Mains\nitem,Counted twice,900,INR,food,C\nitem,New,100,INR,food,N\n`;
    expect(await take(scene, file)).toMatchObject({
      status: 'applied',
      report: [
        { row: 3, code: 'updated' },
        { row: 4, code: 'created' },
      ],
    });
    const rows = await MenuItemModel.find({ restaurantId: scene.restaurantId }).sort({ rank: 1 }).lean<MenuItemRow[]>();
    expect(rows.map(({ name }) => name).slice(2)).toEqual(['Counted twice', 'New']);
    expect(rows[2]).toMatchObject({ _id: before?._id, priceMinor: 900, stock: 3, version: 1 });
    expect(await MenuCategoryModel.countDocuments({ restaurantId: scene.restaurantId })).toBe(1);
  });

  it('lets a mistyped word find what was imported, and what was copied', async () => {
    const scene = await menuScene(app);
    await take(scene, `${HEADER}category,Mains\nitem,Zarzuela stew,900,INR,food,Z\n`);
    const found = async () => {
      const res = await app.request.get('/api/v1/search').query({ q: 'zarsuela' }).expect(200);
      return (res.body as { data: { name: string }[] }).data.map(({ name }) => name);
    };
    await settle();
    expect(await found()).toEqual(['Zarzuela stew']);
    const { _id: toRestaurantId } = await createRestaurant({ ownerId: scene.owner.userId });
    await mongoose.connection.collection('search_words').deleteMany({});
    const path = at(scene.restaurantId, 'duplicate');
    await app.request.post(path).set(scene.owner.headers).send({ toRestaurantId }).expect(200);
    await settle();
    expect(await found()).toHaveLength(2);
  });

  it('replaces: what is not named goes', async () => {
    const scene = await fullMenu();
    const file = `${HEADER}category,Only\nitem,One,100,INR,food,\n`;
    expect(await take(scene, file, { mode: 'replace' })).toMatchObject({ status: 'applied' });
    const document = JSON.parse(await exported(scene.restaurantId, scene.owner, 'json')) as MenuDocument;
    expect(document.categories).toMatchObject([{ name: 'Only', items: [{ name: 'One' }] }]);
  });

  it('applies nothing twice, and nothing for who may no longer edit', async () => {
    const scene = await menuScene(app);
    const { id } = await take(scene, `${HEADER}category,C\nitem,A,5,INR,food,\n`);
    await Promise.all([applyImport(id), applyImport(id)]);
    expect(await MenuItemModel.countDocuments({ restaurantId: scene.restaurantId })).toBe(1);
    const byManager = { ...scene, owner: scene.manager };
    const body: unknown = (await send(byManager, `${HEADER}category,D\n`).expect(202)).body;
    await RestaurantStaffModel.deleteOne({ userId: scene.manager.userId });
    await applyImport((body as { id: string }).id);
    expect(await MenuImportModel.findById((body as { id: string }).id).lean()).toMatchObject({
      status: 'refused',
      report: [{ code: 'forbidden' }],
    });
  });

  it('takes two megabytes of text and no more, of the two types, in UTF-8', async () => {
    const scene = await menuScene(app);
    await send(scene, 'x'.repeat(2 * 1024 * 1024 + 1)).expect(413);
    await send(scene, '<menu/>', { type: 'text/xml' }).expect(415);
    await send(scene, HEADER, { type: 'text/csv; charset=utf-7' }).expect(415);
    await send(scene, ' ').expect(400);
    await send(scene, 'x'.repeat(2 * 1024 * 1024)).expect(202);
  });
});

describe('POST /restaurants/:restaurantId/menu/duplicate', () => {
  const duplicate = (scene: MenuScene, body: object) =>
    app.request.post(at(scene.restaurantId, 'duplicate')).set(scene.owner.headers).send(body);

  it('copies the menu with ids of its own, and pictures that outlive the original', async () => {
    const scene = await fullMenu();
    const picture = {
      imageId: 'a'.repeat(24),
      urlTemplate: 'https://x/{size}.{format}',
      width: 1,
      height: 1,
      blurhash: 'x',
    };
    await MenuItemModel.updateOne({ name: "'=quoted" }, { $set: { picture, imageId: picture.imageId } });
    const { _id: toRestaurantId } = await createRestaurant({ ownerId: scene.owner.userId });
    const res = await duplicate(scene, { toRestaurantId }).expect(200);
    expectContract(duplicateMenuRoute, res);
    expect(res.body).toEqual({ restaurantId: toRestaurantId, categories: 1, items: 2 });
    const copy = await MenuItemModel.findOne({ restaurantId: toRestaurantId, name: "'=quoted" }).lean<MenuItemRow>();
    expect(copy).toMatchObject({ picture, imageId: picture.imageId, stock: null });
    const original = await MenuItemModel.findOne({ restaurantId: scene.restaurantId, name: "'=quoted" }).lean();
    expect(copy?.optionGroups[0]?._id).not.toBe(original?.optionGroups[0]?._id);
    const path = `/api/v1/items/${original?._id ?? ''}`;
    await app.request
      .delete(path)
      .set({ ...scene.owner.headers, 'If-Match': '"0"' })
      .expect(204);
    expect(await MenuItemModel.findById(copy?._id).lean()).toMatchObject({ imageId: picture.imageId });
    expect(await OutboxModel.countDocuments({ event: 'image.removed' })).toBe(0);
  });

  it('refuses a menu that is there unless told, another currency, and a stranger’s restaurant', async () => {
    const scene = await fullMenu();
    const { _id: toRestaurantId } = await createRestaurant({ ownerId: scene.owner.userId });
    await duplicate(scene, { toRestaurantId }).expect(200);
    expect((await duplicate(scene, { toRestaurantId }).expect(409)).body).toMatchObject({
      error: { code: 'menu_not_empty' },
    });
    await duplicate(scene, { toRestaurantId, replace: true }).expect(200);
    expect(await MenuItemModel.countDocuments({ restaurantId: toRestaurantId })).toBe(2);
    await RestaurantModel.updateOne({ _id: toRestaurantId }, { $set: { currency: 'JPY' } });
    await duplicate(scene, { toRestaurantId, replace: true }).expect(422);
    await duplicate(scene, { toRestaurantId: (await createRestaurant())._id }).expect(404);
    expect((await duplicate(scene, { toRestaurantId: scene.restaurantId }).expect(400)).body).toMatchObject({
      error: { code: 'validation_failed', details: [{ path: 'toRestaurantId' }] },
    });
  });
});
