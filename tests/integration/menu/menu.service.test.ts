import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { byIdsQuery, categoriesQuery, itemsQuery } from '../../../src/modules/menu/menu.queries.ts';
import { findMenuItems, getMenu } from '../../../src/modules/menu/menu.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildOption, buildOptionGroup, createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** A restaurant with two categories, the lower one stored first, and an empty third. */
async function createMenu() {
  const { _id: restaurantId } = await createRestaurant();
  const sweets = await createCategory({ restaurantId, name: 'Sweets', rank: 2 });
  const mains = await createCategory({ restaurantId, name: 'Mains', rank: 1 });
  await createCategory({ restaurantId, name: 'Nothing yet', rank: 3 });
  const kulfi = await createMenuItem({ restaurantId, categoryId: sweets._id, name: 'Kulfi', rank: 5 });
  const rice = await createMenuItem({ restaurantId, categoryId: mains._id, name: 'Rice', rank: 2 });
  const dal = await createMenuItem({ restaurantId, categoryId: mains._id, name: 'Dal', rank: 1 });
  return { restaurantId, kulfi, rice, dal };
}

describe('getMenu', () => {
  it('gives categories and items by rank, without empty categories', async () => {
    const { restaurantId } = await createMenu();
    const menu = await getMenu(restaurantId);
    expect(menu).toMatchObject({ restaurantId, currency: 'INR' });
    expect(menu.categories.map(({ name, items }) => [name, items.map((item) => item.name)])).toEqual([
      ['Mains', ['Dal', 'Rice']],
      ['Sweets', ['Kulfi']],
    ]);
  });

  it('is not_found unless the restaurant is live', async () => {
    const { _id } = await createRestaurant({ status: 'draft' });
    await expect(getMenu(_id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(getMenu(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('says what is sold out as of now, and when the clock makes it another menu', async () => {
    const { restaurantId, kulfi, rice } = await createMenu();
    const soldOutUntil = addMs(now(), 5_000);
    const options = [buildOption({ soldOutUntil: addMs(now(), 3_000) })];
    await MenuItemModel.updateOne({ _id: kulfi._id }, { $set: { soldOutUntil } });
    await MenuItemModel.updateOne({ _id: rice._id }, { $set: { optionGroups: [buildOptionGroup({ options })] } });
    const read = async () => {
      const { categories, validUntil } = await getMenu(restaurantId);
      return {
        validUntil,
        kulfi: categories[1]?.items[0],
        option: categories[0]?.items[1]?.optionGroups[0]?.options[0],
      };
    };
    expect(await read()).toMatchObject({
      validUntil: options[0]?.soldOutUntil,
      kulfi: { isAvailable: false, soldOutUntil },
      option: { isAvailable: false },
    });
    setClock({ offsetMs: 3_001 });
    expect(await read()).toMatchObject({ validUntil: soldOutUntil, option: { isAvailable: true, soldOutUntil: null } });
    setClock({ offsetMs: 5_001 });
    expect(await read()).toMatchObject({ validUntil: null, kulfi: { isAvailable: true, soldOutUntil: null } });
  });

  it('changes with the end of a mealtime, and with its beginning', async () => {
    const { restaurantId, dal } = await createMenu();
    const hours = [{ weekday: 1, opens: '08:00', closes: '11:00' }];
    await MenuItemModel.updateOne({ _id: dal._id }, { $set: { mealtimes: hours } });
    const { validUntil, categories } = await getMenu(restaurantId);
    expect(validUntil?.getTime()).toBeGreaterThan(now().getTime());
    expect(categories[0]?.items[0]?.mealtimes).toEqual(hours);
  });
});

describe('findMenuItems', () => {
  it("gives the restaurant's own items among the ids, fresh from the database", async () => {
    const { restaurantId, dal, rice } = await createMenu();
    const foreign = await createMenuItem();
    await getMenu(restaurantId);
    await MenuItemModel.updateOne({ _id: dal._id }, { $set: { priceMinor: 100 } });
    const items = await findMenuItems(restaurantId, [dal._id, rice._id, foreign._id, newId()]);
    expect(items.map(({ id }) => id).toSorted()).toEqual([dal._id, rice._id].toSorted());
    expect(items.find(({ id }) => id === dal._id)?.priceMinor).toBe(100);
  });

  it.each([
    ['switched on', { isAvailable: true, soldOutUntil: null }, true],
    ['switched off', { isAvailable: false, soldOutUntil: null }, false],
    ['sold out for an hour', { isAvailable: true, soldOutUntil: addMs(now(), 3_600_000) }, false],
    ['back since a second', { isAvailable: true, soldOutUntil: addMs(now(), -1_000) }, true],
  ])('says whether an item that is %s can be ordered', async (_name, changes, isAvailable) => {
    const item = await createMenuItem(changes);
    expect(await findMenuItems(item.restaurantId, [item._id])).toMatchObject([{ isAvailable }]);
  });

  it('says it for a later moment too, of a dish that is back by then', async () => {
    const soldOutUntil = addMs(now(), 3_600_000);
    const item = await createMenuItem({ soldOutUntil });
    const moments = [addMs(soldOutUntil, -1), soldOutUntil];
    const judged = await Promise.all(moments.map((at) => findMenuItems(item.restaurantId, [item._id], at)));
    expect(judged.flat()).toMatchObject([
      { isAvailable: false, soldOutUntil },
      { isAvailable: true, soldOutUntil: null },
    ]);
  });
});

describe('the indexes of the menu', () => {
  it.each([
    ['categories', categoriesQuery, 'restaurantId_1_rank_1__id_1'],
    ['items', itemsQuery, 'restaurantId_1_rank_1__id_1'],
    ['items by id', (restaurantId: string) => byIdsQuery(restaurantId, [newId()]), '_id_'],
  ])('serve %s in order', async (_name, query, index) => {
    const { restaurantId } = await createMenu();
    const plan = summarizePlan(await query(restaurantId).explain('executionStats'));
    expect(new Set(plan.indexes)).toEqual(new Set([index]));
    expect(plan.stages).not.toContain('SORT');
  });
});
