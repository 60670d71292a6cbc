import '../setup/with-page-cache.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../src/infra/mongo/index.ts';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { MenuModel } from '../../src/modules/menu/menu.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { createCategory, createMenuItem } from '../factories/menu-item.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { eventually } from '../support/eventually.ts';
import { createKitchen } from '../support/kitchen.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

let apis: ApiProcess[];
beforeAll(async () => {
  await bootstrap();
  apis = await Promise.all([startApi(), startApi()]);
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyAllCollections();
  await shutdown('test');
});

async function textsOf(path: string): Promise<string[]> {
  return Promise.all(apis.map(async ({ base }) => (await fetch(`${base}/api/v1${path}`)).text()));
}

async function createMenu(): Promise<{ restaurantId: string; itemId: string }> {
  const { restaurantId } = await createKitchen();
  const category = await createCategory({ restaurantId });
  const item = await createMenuItem({ restaurantId, categoryId: category._id });
  return { restaurantId, itemId: item._id };
}

/** Both processes have the page in hand, and give it out of it. */
async function heldByBoth(path: string): Promise<string[]> {
  let texts: string[] = [];
  for (let round = 0; round < 3; round += 1) texts = await textsOf(path);
  return texts;
}

/** How long it takes until both processes say it; asked without a pause, as a crowd would. */
async function msUntilBothSay(path: string, says: (text: string) => boolean): Promise<number> {
  const startedAt = performance.now();
  await eventually(async () => {
    expect((await textsOf(path)).every(says)).toBe(true);
  });
  return performance.now() - startedAt;
}

describe('two API processes, after a raw write to the database,', () => {
  it('both show a new price on the menu within a second', async () => {
    const { restaurantId, itemId } = await createMenu();
    const path = `/restaurants/${restaurantId}/menu`;
    const before = await heldByBoth(path);
    expect(before[0]).toBe(before[1]);
    await MenuItemModel.collection.updateOne({ _id: itemId as never }, { $set: { priceMinor: 98_765 } });
    expect(await msUntilBothSay(path, (text) => text.includes('98765'))).toBeLessThan(1000);
  });

  it('both show new hours, and a list by hours has it, within a second', async () => {
    const { restaurantId } = await createKitchen();
    const [page, list] = [`/restaurants/${restaurantId}`, '/restaurants?openNow=true&limit=100'];
    await heldByBoth(page);
    expect((await heldByBoth(list))[0]).toContain(restaurantId);
    await RestaurantModel.collection.updateOne({ _id: restaurantId as never }, { $set: { hours: [] } });
    expect(await msUntilBothSay(page, (text) => text.includes('"hours":[]'))).toBeLessThan(1000);
    expect(await msUntilBothSay(list, (text) => !text.includes(restaurantId))).toBeLessThan(1000);
  });

  it('both have lost a dish that was deleted, and a restaurant that was suspended', async () => {
    const { restaurantId, itemId } = await createMenu();
    const menu = `/restaurants/${restaurantId}/menu`;
    expect((await heldByBoth(menu))[0]).toContain(itemId);
    await heldByBoth('/restaurants?limit=100');
    // As every edit does (`editMenu`): a delete alone does not tell whose menu it was.
    await withTransaction(async (tx) => {
      await MenuModel.collection.updateOne(
        { _id: restaurantId as never },
        { $inc: { revision: 1 } },
        { upsert: true, session: tx },
      );
      await MenuItemModel.collection.deleteOne({ _id: itemId as never }, { session: tx });
    });
    expect(await msUntilBothSay(menu, (text) => !text.includes(itemId))).toBeLessThan(1000);
    await RestaurantModel.collection.updateOne(
      { _id: restaurantId as never },
      { $set: { status: 'suspended', listKeys: [] } },
    );
    expect(await msUntilBothSay('/restaurants?limit=100', (text) => !text.includes(restaurantId))).toBeLessThan(1000);
    expect(await msUntilBothSay(menu, (text) => text.includes('not_found'))).toBeLessThan(1000);
  });

  it('both list a restaurant that was not there before', async () => {
    await heldByBoth('/restaurants?limit=100');
    const { restaurantId } = await createKitchen();
    expect(await msUntilBothSay('/restaurants?limit=100', (text) => text.includes(restaurantId))).toBeLessThan(1000);
  });
});
