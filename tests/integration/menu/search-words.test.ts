import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { redisClients } from '../../../src/infra/redis/index.ts';
import { setRestaurantStatus } from '../../../src/modules/console/onboarding/restaurant-status.service.ts';
import { updateRestaurant } from '../../../src/modules/console/onboarding/update-restaurant.service.ts';
import { duplicateMenu } from '../../../src/modules/menu/transfer/duplicate-menu.service.ts';
import { changeItem, createItem, deleteItem } from '../../../src/modules/menu/editing/items.service.ts';
import { MenuItemModel, type MenuItemRow } from '../../../src/modules/menu/menu-item.model.ts';
import { rebuildSearchWords, sweepSearchWords } from '../../../src/modules/menu/search/rebuild-words.service.ts';
import { suggest } from '../../../src/modules/menu/search/suggest.service.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { SearchWordModel } from '../../../src/modules/restaurants/words/search-word.model.ts';
import { createCategory } from '../../factories/menu-item.ts';
import { ownerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { storedRestaurant } from '../../api/console/helpers.ts';
import { settle } from '../../support/settle.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await redisClients().cache.flushdb();
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const text = { description: '', sku: null, taxCategory: 'food' as const, allergens: [], diets: [], mealtimes: [] };
const parts = { price: { amount: 100, currency: 'INR' }, stock: null, sizes: [], optionGroups: [] };

async function addDish(restaurant: RestaurantRow, name: string): Promise<MenuItemRow> {
  const { _id: restaurantId } = restaurant;
  const { _id: categoryId } = await createCategory({ restaurantId });
  return createItem({ restaurantId, categoryId, name, ...text, ...parts }, ownerActor(restaurant));
}

async function decide({ _id: restaurantId }: RestaurantRow, status: 'live' | 'suspended'): Promise<void> {
  const { version: expectedVersion } = await storedRestaurant(restaurantId);
  await setRestaurantStatus({ restaurantId, expectedVersion, status, reason: 'Seen' });
}

async function isKnown(word: string): Promise<boolean> {
  return (await SearchWordModel.exists({ _id: word })) !== null;
}

async function suggested(q: string): Promise<string[]> {
  await redisClients().cache.flushdb();
  return (await suggest(q, 20)).map(({ text: found }) => found);
}

describe('the words of a restaurant', () => {
  it('that nobody has approved, its dishes and their copies and names too, are not learned; of one that is approved they are', async () => {
    const draft = await createCompleteRestaurant({ status: 'in_review', name: 'Quokka House' });
    const { _id: otherId } = await createRestaurant({ ownerId: draft.ownerId, status: 'draft', addressLine: '1 Pier' });
    const { _id: itemId } = await addDish(draft, 'Zanzibar stew');
    await changeItem({ itemId, expectedVersion: 0, name: 'Wombat stew' }, ownerActor(draft));
    await updateRestaurant(
      { restaurantId: draft._id, expectedVersion: 0, change: { cuisines: ['numbat'] } },
      ownerActor(draft),
    );
    await duplicateMenu({ restaurantId: draft._id, toRestaurantId: otherId, replace: false }, ownerActor(draft));
    await settle();
    await rebuildSearchWords();
    expect(await SearchWordModel.countDocuments()).toBe(0);
    await decide(draft, 'live');
    await settle();
    for (const word of ['quokka', 'wombat', 'numbat']) expect(await isKnown(word), word).toBe(true);
    expect(await isKnown('zanzibar')).toBe(false);
    expect(await suggested('womb')).toEqual(['wombat']);
  });

  it('that goes, or takes a dish away, are suggested no more, and forgotten when everything is looked over', async () => {
    const [stays, goes] = [
      await createCompleteRestaurant({ status: 'live' }),
      await createCompleteRestaurant({ status: 'live' }),
    ];
    const dish = await addDish(stays, 'Wombat stew');
    await addDish(goes, 'Wombok salad');
    await settle();
    expect(await suggested('womb')).toEqual(['wombat', 'wombok']);
    await decide(goes, 'suspended');
    expect(await suggested('womb')).toEqual(['wombat']);
    await deleteItem({ itemId: dish._id, expectedVersion: 0 }, ownerActor(stays));
    await settle();
    expect(await suggested('womb')).toEqual([]);
    await rebuildSearchWords();
    expect([await isKnown('wombat'), await isKnown('wombok'), await isKnown('biryani')]).toEqual([false, false, true]);
    await decide(goes, 'live');
    await settle();
    expect(await suggested('womb')).toEqual(['wombok']);
  });

  it('lost with a process, are learned by the sweep of the day, once', async () => {
    const house = await createCompleteRestaurant({ status: 'live' });
    await addDish(house, 'Wombat stew');
    await settle();
    expect(await isKnown('wombat')).toBe(true);
    await SearchWordModel.deleteMany({});
    expect([await sweepSearchWords(), await sweepSearchWords()]).toEqual([true, false]);
    expect([await isKnown('wombat'), await isKnown('pepper')]).toEqual([true, true]);
    expect(await MenuItemModel.countDocuments()).toBe(2);
  });
});
