import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openKitchenSlot } from '../../../src/modules/restaurants/kitchen-slots.service.ts';
import { KitchenSlotModel } from '../../../src/modules/restaurants/kitchen-slot.model.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const AT = new Date('2026-11-20T08:05:00.000Z');
const NEXT_SLOT = '2026-11-20T08:30:00.000Z';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const near = `lat=${TOWN.lat}&lng=${TOWN.lng}`;

/** One that has its hands full until the next half hour, and one that counts and has none to do. */
async function openTown(): Promise<{ full: string; idle: string }> {
  setClock({ frozenAt: AT });
  const capacity = { slotMinutes: 30, maxOrders: 1 };
  const full = await createRestaurant({ name: 'Biryani Full', capacity, popularity: 2 });
  const idle = await createRestaurant({ name: 'Biryani Idle', capacity, popularity: 1 });
  for (const row of [full, idle]) await openKitchenSlot(toRestaurantSnapshot(row), AT);
  await KitchenSlotModel.updateOne({ restaurantId: full._id }, { taken: 1 });
  return { full: full._id, idle: idle._id };
}

async function get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const body: unknown = (await app.request.get(`/api/v1${path}`).set(headers).expect(200)).body;
  return body as T;
}

interface Cards {
  data: { name: string; availability: { isOpen: boolean; reason: string | null; nextOpenAt: string | null } }[];
}

describe('a kitchen that has its hands full', () => {
  it.each([`/restaurants?${near}`, '/restaurants', `/restaurants?${near}&sort=eta`, `/restaurants/popular?${near}`])(
    'is shown by %s as full, with the next slot',
    async (path) => {
      await openTown();
      const { data } = await get<Cards>(path);
      const shown = Object.fromEntries(data.map(({ name, availability }) => [name, availability]));
      expect(shown).toMatchObject({
        'Biryani Full': { isOpen: false, reason: 'capacity_full', nextOpenAt: NEXT_SLOT },
        'Biryani Idle': { isOpen: true, reason: null },
      });
    },
  );

  it('is not open now for a list, and is again in the next slot', async () => {
    await openTown();
    const names = async () => (await get<Cards>(`/restaurants?${near}&openNow=true`)).data.map(({ name }) => name);
    expect(await names()).toEqual(['Biryani Idle']);
    setClock({ frozenAt: new Date(NEXT_SLOT) });
    expect(await names()).toHaveLength(2);
  });

  it('is not open for the search and among favourites', async () => {
    const { full, idle } = await openTown();
    const { headers } = await logInAs();
    for (const id of [full, idle]) await app.request.put(`/api/v1/me/favourites/${id}`).set(headers).expect(204);
    const open = { 'Biryani Full': false, 'Biryani Idle': true };
    const found = await get<{ data: { name: string; isOpen: boolean }[] }>('/search?q=biryani');
    expect(Object.fromEntries(found.data.map(({ name, isOpen }) => [name, isOpen]))).toEqual(open);
    const { data } = await get<{ data: { restaurant: { name: string; isOpen: boolean } }[] }>(
      '/me/favourites',
      headers,
    );
    expect(Object.fromEntries(data.map(({ restaurant }) => [restaurant.name, restaurant.isOpen]))).toEqual(open);
    expect(await get('/dashboard', headers)).toMatchObject({
      customer: { favouritesOpen: [{ name: 'Biryani Idle' }] },
    });
  });

  it('costs a list one query by its index, and a list without such kitchens none', async () => {
    await openTown();
    const ask = () => get(`/restaurants?${near}`);
    const counting = await explainQueries(ask);
    const slots = counting.filter(({ command }) => command === 'find kitchen_slots');
    expect(slots).toHaveLength(1);
    expect(new Set(slots.flatMap(({ indexes }) => indexes))).toEqual(new Set(['restaurantId_1_startAt_1']));
    await emptyCollections();
    await createRestaurant();
    // Ring by ring, where there are fewer than asked for.
    const commands = new Set((await explainQueries(ask)).map(({ command }) => command));
    expect(commands).toEqual(new Set(['aggregate restaurants']));
  });

  it('is shown by the cart as full, with the next slot', async () => {
    const { full } = await openTown();
    const { headers } = await logInAs();
    const { _id: itemId } = await createMenuItem({ restaurantId: full });
    const added = await app.request
      .post('/api/v1/cart/items')
      .set(headers)
      .send({ restaurantId: full, itemId, quantity: 1 });
    expect(added.status).toBe(201);
    const cart = await get<{ restaurant: { availability: unknown } }>('/cart', headers);
    const availability = { isOpen: false, reason: 'capacity_full', nextOpenAt: NEXT_SLOT };
    expect(cart.restaurant).toMatchObject({ availability });
    expect(added.body).toMatchObject({ restaurant: { availability } });
  });
});
