import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyImport } from '../../../src/modules/menu/transfer/apply-import.service.ts';
import { listMenuImportsRoute } from '../../../src/modules/menu/transfer/transfer.schema.ts';
import { MenuItemModel, type MenuItemRow } from '../../../src/modules/menu/menu-item.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { addItem, menuScene, type MenuScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const at = (restaurantId: string, rest: string) => `/api/v1/restaurants/${restaurantId}/menu/${rest}`;
const HEADER = 'type,name,price,currency,taxCategory,sku\n';

async function exportedCsv({ restaurantId, owner }: MenuScene): Promise<string> {
  const path = at(restaurantId, 'export');
  return (await app.request.get(path).query({ format: 'csv' }).set(owner.headers).expect(200)).text;
}

interface Report {
  id: string;
  status: string;
  report: { row: number | null; code: string; message: string }[];
}

/** Sends the file and does what the job does. */
async function take({ restaurantId, owner }: MenuScene, file: string, type = 'text/csv'): Promise<Report> {
  const path = at(restaurantId, 'import');
  const sent = await app.request.post(path).set(owner.headers).set('Content-Type', type).send(file).expect(202);
  const { id } = sent.body as { id: string };
  await applyImport(id);
  return (
    await app.request
      .get(at(restaurantId, `imports/${id}`))
      .set(owner.headers)
      .expect(200)
  ).body as Report;
}

describe('an import of a menu', () => {
  it('says what it kept, and what is as it was: an old export does not undo sales', async () => {
    const scene = await menuScene(app);
    await addItem(app, scene, { name: 'Counted', stock: 5 });
    await addItem(app, scene, { name: 'Dosa' });
    const old = await exportedCsv(scene);
    expect(await take(scene, old)).toMatchObject({ report: [{ code: 'unchanged' }, { code: 'unchanged' }] });
    await MenuItemModel.updateOne({ restaurantId: scene.restaurantId, stock: 5 }, { stock: 2, isAvailable: false });
    const { report } = await take(scene, old);
    expect(report).toMatchObject([{ code: 'kept' }, { code: 'unchanged' }]);
    expect(JSON.stringify(report)).toContain('stock, isAvailable');
    const [sold] = await MenuItemModel.find({ restaurantId: scene.restaurantId, stock: 2 }).lean<MenuItemRow[]>();
    expect(sold).toMatchObject({ isAvailable: false, version: 0 });
  });

  it('finds an item without number again by its name: the same file twice makes one', async () => {
    const scene = await menuScene(app);
    const file = 'type,name,price,currency,taxCategory\ncategory,Mains\nitem,Idli,100,INR,food\n';
    expect(await take(scene, file)).toMatchObject({ report: [{ code: 'created' }] });
    expect(await take(scene, file)).toMatchObject({ report: [{ code: 'unchanged' }] });
    expect(await take(scene, file.replace('100', '120').replace('Mains', 'mains'))).toMatchObject({
      report: [{ code: 'updated' }],
    });
    const rows = await MenuItemModel.find({ restaurantId: scene.restaurantId }).lean<MenuItemRow[]>();
    expect(rows).toMatchObject([{ name: 'Idli', priceMinor: 120, version: 1 }]);
  });

  it('refuses prices that are no whole minor units in words, and a dish whose tax nobody knows', async () => {
    const scene = await menuScene(app);
    for (const price of ['60.00', 'x', '-5', '']) {
      const { status, report } = await take(scene, `${HEADER}category,C\nitem,A,${price},INR,food,\n`);
      const message = 'price must be a whole number of minor units (6000 for 60.00)';
      expect([status, report]).toMatchObject(['refused', [{ row: 3, message }]]);
    }
    const untaxed = await take(scene, `${HEADER}category,C\nitem,A,5,INR,alcohol,\n`);
    expect(untaxed).toMatchObject({ status: 'refused', report: [{ row: 3, code: 'tax_rate_missing' }] });
  });

  it('says what is wrong with the table itself, and in which row', async () => {
    const scene = await menuScene(app);
    const semicolons = await take(scene, 'type;name;price\ncategory;C;\n');
    expect(semicolons.report).toMatchObject([{ row: 1, code: 'csv_invalid' }]);
    expect(JSON.stringify(semicolons.report)).toContain('separated by commas');
    const broken = await take(scene, 'type,name\ncategory,C\nitem,"A"x\nitem,B\n');
    expect(broken.report.find(({ code }) => code === 'csv_invalid')).toMatchObject({ row: 3 });
  });

  it('is listed with the last ones, the newest first', async () => {
    const scene = await menuScene(app);
    const first = await take(scene, HEADER);
    const second = await take(scene, '{', 'application/json');
    const path = at(scene.restaurantId, 'imports');
    const res = await app.request.get(path).set(scene.owner.headers).expect(200);
    expectContract(listMenuImportsRoute, res);
    expect(res.body).toMatchObject({ data: [{ id: second.id, status: 'refused' }, { id: first.id }] });
    await app.request.get(path).set(scene.stranger.headers).expect(404);
  });
});
