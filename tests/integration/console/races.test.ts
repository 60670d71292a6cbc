import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import {
  setRestaurantStatus,
  submitRestaurant,
  withdrawRestaurant,
} from '../../../src/modules/console/onboarding/restaurant-status.service.ts';
import { updateRestaurant } from '../../../src/modules/console/onboarding/update-restaurant.service.ts';
import { createRestaurant as openRestaurant } from '../../../src/modules/console/onboarding/onboarding.service.ts';
import { ensureMenu, holdMenu } from '../../../src/modules/menu/edit-menu.service.ts';
import { setItemAvailability } from '../../../src/modules/menu/editing/availability.service.ts';
import { changeItem, createItem } from '../../../src/modules/menu/editing/items.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { deleteAccount } from '../../../src/modules/privacy/delete-account.service.ts';
import { beginningsOf } from '../../../src/modules/restaurants/search-tokens.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { removeStaff } from '../../../src/modules/staff/staff.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { auditAbout, DRAFT, storedRestaurant } from '../../api/console/helpers.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { createCategory } from '../../factories/menu-item.ts';
import { ownerActor } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { createUser, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { openLogin } from '../../support/log-in.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const AT_ONCE = 20;

interface Failure {
  code?: string;
  details?: unknown;
}

function failuresOf(results: PromiseSettledResult<unknown>[]): Failure[] {
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Failure] : []));
}

describe('updateRestaurant', () => {
  it('twenty times at once on one version: one wins, the others hear the current version, and nothing is mixed', async () => {
    const restaurant = await createRestaurant();
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, index) => {
        const change = { description: `Edit ${String(index)}`, prepMinutes: 20 + index };
        return updateRestaurant({ restaurantId: restaurant._id, expectedVersion: 0, change }, ownerActor(restaurant));
      }),
    );
    const failures = failuresOf(results);
    expect(failures).toHaveLength(AT_ONCE - 1);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'version_conflict', details: { currentVersion: 1 } });
    }
    const row = await storedRestaurant(restaurant._id);
    expect(row.version).toBe(1);
    expect(row.description).toBe(`Edit ${String(row.prepMinutes - 20)}`);
  });
});

describe('a draft that changes while dishes are added', () => {
  async function draft() {
    const restaurant = await createRestaurant({ status: 'draft' });
    const { _id: restaurantId } = restaurant;
    const { _id: categoryId } = await createCategory({ restaurantId });
    const actor = ownerActor(restaurant);
    const text = { description: '', sku: null, taxCategory: 'food' as const, allergens: [], diets: [], mealtimes: [] };
    const parts = { stock: null, sizes: [], optionGroups: [] };
    const add = (index: number) => {
      const price = { amount: 100, currency: 'INR' };
      return createItem({ restaurantId, categoryId, name: `Dish ${String(index)}`, price, ...text, ...parts }, actor);
    };
    const update = (change: Parameters<typeof updateRestaurant>[0]['change']) =>
      updateRestaurant({ restaurantId, expectedVersion: 0, change }, actor);
    return { restaurantId, add, update };
  }

  it('in its currency has dishes of that currency, or keeps its own', async () => {
    for (let round = 0; round < 12; round += 1) {
      const { restaurantId, add, update } = await draft();
      const dishes = Array.from({ length: 3 }, (_, index) => add(index));
      const results = await Promise.allSettled(
        round % 2 === 0 ? [update({ currency: 'JPY' }), ...dishes] : [...dishes, update({ currency: 'JPY' })],
      );
      for (const { code } of failuresOf(results)) expect(['currency_mismatch', 'currency_fixed']).toContain(code);
      const { currency } = await storedRestaurant(restaurantId);
      // Each of them is done whole, or refused: nothing else stopped it.
      expect(failuresOf(results)).toHaveLength(currency === 'JPY' ? 3 : 1);
      const sold = await MenuItemModel.distinct('currency', { restaurantId });
      expect(sold).toEqual(currency === 'JPY' ? [] : ['INR']);
    }
  });
});

describe('a restaurant that is approved, suspended and reinstated while its dishes are edited', () => {
  it('is found by every dish of its menu as it is then while it is live, and by none else', async () => {
    const actorOf = (row: { ownerId: string }) => ownerActor(row);
    for (let round = 0; round < 12; round += 1) {
      const restaurant = await createCompleteRestaurant({ status: 'in_review' });
      const { _id: restaurantId } = restaurant;
      const [old] = await MenuItemModel.find({ restaurantId }).lean();
      const { _id: categoryId } = await createCategory({ restaurantId });
      const text = {
        description: '',
        sku: null,
        taxCategory: 'food' as const,
        allergens: [],
        diets: [],
        mealtimes: [],
      };
      const add = (name: string) =>
        createItem(
          {
            restaurantId,
            categoryId,
            name,
            price: { amount: 100, currency: 'INR' },
            stock: null,
            sizes: [],
            optionGroups: [],
            ...text,
          },
          actorOf(restaurant),
        );
      const decide = async (status: 'live' | 'suspended') => {
        const { version: expectedVersion } = await storedRestaurant(restaurantId);
        await setRestaurantStatus({ restaurantId, expectedVersion, status, reason: 'Checked' });
      };
      const works = [
        () => decide('live'),
        () => add('Zaatar bread'),
        () => changeItem({ itemId: old?._id ?? '', expectedVersion: 0, name: 'Quince tart' }, actorOf(restaurant)),
        () =>
          setItemAvailability(
            { itemId: old?._id ?? '', item: { isAvailable: true, soldOutUntil: null }, sizes: [], options: [] },
            actorOf(restaurant),
          ),
      ];
      await Promise.allSettled((round % 2 === 0 ? works : works.toReversed()).map((work) => work()));
      const expectFound = async (isFound: boolean) => {
        const dishes = await MenuItemModel.find({ restaurantId }).lean();
        expect(dishes.length).toBeGreaterThan(0);
        for (const { name, searchTokens } of dishes) expect(searchTokens).toEqual(isFound ? beginningsOf(name) : []);
      };
      expect((await storedRestaurant(restaurantId)).status).toBe('live');
      await expectFound(true);
      await Promise.allSettled([decide('suspended'), add('Fig cake')]);
      await expectFound(false);
    }
  });
});

describe('setRestaurantStatus', () => {
  it('of an approval, a refusal and a withdrawal at once: one holds, and one decision at most is told', async () => {
    for (let round = 0; round < 5; round += 1) {
      const restaurant = await createCompleteRestaurant({ status: 'in_review' });
      const { _id: restaurantId } = restaurant;
      const results = await Promise.allSettled([
        setRestaurantStatus({ restaurantId, expectedVersion: 0, status: 'live' }),
        setRestaurantStatus({ restaurantId, expectedVersion: 0, status: 'draft', reason: 'No' }),
        withdrawRestaurant(restaurantId, ownerActor(restaurant)),
      ]);
      const done = results.filter(({ status }) => status === 'fulfilled');
      const events = (await auditAbout(restaurantId)).map(({ event }) => event);
      const { status, version } = await storedRestaurant(restaurantId);
      expect(version).toBe(events.length);
      expect(events).toHaveLength(1);
      expect(status).toBe(events[0] === 'restaurant.approved' ? 'live' : 'draft');
      // A refusal after the withdrawal finds what it wants, or an older version.
      expect(done.length).toBeGreaterThanOrEqual(1);
      const told = await OutboxModel.countDocuments({ 'payload.restaurantId': restaurantId });
      expect(told).toBe(events[0] === 'restaurant.withdrawn' ? 0 : 1);
    }
  });
});

describe('an approval while the last dish is deleted', () => {
  it.each([
    [
      'approved',
      'in_review',
      (restaurant: RestaurantRow) =>
        setRestaurantStatus({ restaurantId: restaurant._id, expectedVersion: 0, status: 'live' }),
    ],
    ['handed in', 'draft', (restaurant: RestaurantRow) => submitRestaurant(restaurant._id, ownerActor(restaurant))],
  ] as const)('waits for it: nothing is %s without food', async (_, status, command) => {
    const restaurant = await createCompleteRestaurant({ status });
    const { _id: restaurantId } = restaurant;
    await ensureMenu(restaurantId);
    const attempts: Promise<unknown>[] = [];
    await withTransaction(async (tx) => {
      await holdMenu(tx, restaurantId);
      await MenuItemModel.collection.deleteMany({ restaurantId }, { session: tx });
      attempts.push(
        command(restaurant).then(
          () => null,
          (error: unknown) => error,
        ),
      );
      // Long enough to have been decided on the menu as it was before.
      await Promise.race([attempts[0], delay(500)]);
    });
    expect(await attempts[0]).toMatchObject({ code: 'restaurant_incomplete', details: [{ path: 'menu' }] });
    expect((await storedRestaurant(restaurantId)).status).toBe(status);
  });
});

describe('submitRestaurant', () => {
  it('twenty times at once hands it in once, and tells everybody so', async () => {
    const restaurant = await createCompleteRestaurant();
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, () => submitRestaurant(restaurant._id, ownerActor(restaurant))),
    );
    expect(results.every(({ status, version }) => status === 'in_review' && version === 1)).toBe(true);
    expect(await auditAbout(restaurant._id)).toHaveLength(1);
  });
});

describe('createRestaurant', () => {
  it('while the last place of work ends leaves an owner with the role', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await createRestaurant();
      const user = await createUser({ roles: ['customer', 'restaurant'] });
      await createMember({ restaurantId: other._id, userId: user._id });
      const { sessionId } = await openLogin(user);
      await Promise.all([
        removeStaff({ restaurantId: other._id, userId: user._id }, ownerActor(other)),
        openRestaurant(DRAFT, { userId: user._id, roles: user.roles, sessionId }),
      ]);
      expect((await UserModel.findById(user._id).lean())?.roles).toContain('restaurant');
    }
  });

  it('against the deletion of the account: there is an owner, or no restaurant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await createUser();
      const { sessionId } = await openLogin(user);
      const actor = { userId: user._id, roles: user.roles, sessionId };
      await Promise.allSettled([openRestaurant(DRAFT, actor), deleteAccount({ password: PASSWORD }, actor)]);
      const owner = await UserModel.findById(user._id).lean();
      const owned = await RestaurantModel.countDocuments({ ownerId: user._id });
      expect([owner?.status, owned]).toEqual(owned === 1 ? ['active', 1] : ['deleted', 0]);
    }
  });
});
