import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { applyImport } from '../../../src/modules/menu/transfer/apply-import.service.ts';
import { exportMenu } from '../../../src/modules/menu/transfer/export-menu.service.ts';
import { getImport, requestImport } from '../../../src/modules/menu/transfer/imports.service.ts';
import { setItemSizes } from '../../../src/modules/menu/editing/item-parts.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const owner: Actor = { userId: newId(), roles: ['restaurant'], sessionId: newId() };
const price = { amount: 100, currency: 'INR' };
const list = <T>(length: number, of: (index: number) => T) => Array.from({ length }, (_, index) => of(index));
/** Dishes of some 30 kB in the database. */
const heavyDish = (index: number) => ({
  ...{ name: `Dish ${index}`, price, taxCategory: 'food' },
  optionGroups: list(4, (group) => ({
    ...{ name: `Group ${group}`, minSelect: 0, maxSelect: 1 },
    options: list(50, (option) => ({ name: `Option ${option}`, price })),
  })),
});

async function take(restaurantId: string, dishes: number, from = 0) {
  const items = list(dishes, (index) => heavyDish(from + index));
  const body = JSON.stringify({ format: 'quickbite-menu-1', categories: [{ name: 'All', items }] });
  const { _id: importId } = await requestImport({ restaurantId, format: 'json', mode: 'merge', body }, owner);
  await applyImport(importId);
  return getImport({ restaurantId, importId }, owner);
}

describe('a menu as a whole', () => {
  it('has 3 MB at most, whether by one import or by many edits', async () => {
    const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, currency: 'INR' });
    let taken = 0;
    let last = await take(restaurantId, 60);
    while (last.status === 'applied' && taken < 600) {
      taken += 60;
      last = await take(restaurantId, 60, taken);
    }
    expect([last.status, last.report[0]?.code]).toEqual(['refused', 'menu_too_large']);
    expect(taken).toBeGreaterThanOrEqual(60);
    const menu = await exportMenu(restaurantId, owner);
    expect(menu.categories[0]?.items).toHaveLength(taken);
    expect(JSON.stringify(menu).length).toBeLessThan(5_000_000);
    // What fits is still taken.
    const itemId = menu.categories[0]?.items[0]?.id ?? '';
    const sizes = [{ name: 'Large', price }];
    await expect(setItemSizes({ itemId, expectedVersion: 0, sizes }, owner)).resolves.toMatchObject({ version: 1 });
  });
});
