import '../../setup/with-page-cache.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { dropForOrder } from '../../../src/modules/dashboard/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { RestaurantStaffModel } from '../../../src/modules/staff/restaurant-staff.model.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { explainQueries } from '../../support/watch-commands.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(() => emptyCollections());
afterAll(() => app.stop());

type Headers = Record<string, string>;

interface Board {
  restaurantId: string;
  status: string;
  pausedUntil: string | null;
  soldOutItems: number;
  orders: { placed: number };
  oldestPlacedAt: string | null;
  today: { orders: number } | null;
}

interface View {
  customer: { favouritesOpen: object[] } | null;
  restaurants: Board[] | null;
  office: { restaurantsInReview: number; openOrders: { placed: number } } | null;
}

async function look(headers: Headers): Promise<View> {
  return (await app.request.get('/api/v1/dashboard').set(headers).expect(200)).body as View;
}

async function readsOf(headers: Headers): Promise<string[]> {
  const plans = await explainQueries(() => look(headers));
  return plans.map(({ command }) => command).filter((command) => !/ (users|sessions)$/.test(command));
}

/**
 * Until it comes out of Redis: the stream has passed all that was written until now, and only the workplaces are read. From then on
 * time alone does not end it.
 */
async function kept(headers: Headers): Promise<View> {
  await look(headers);
  await eventually(async () => {
    expect((await readsOf(headers)).length).toBeLessThanOrEqual(2);
  });
  const { cache } = redisClients();
  for (const key of await cache.keys(redisKey('dashboard', '*'))) await cache.persist(key);
  return look(headers);
}

async function shows(headers: Headers, says: (view: View) => boolean): Promise<void> {
  await eventually(async () => {
    expect(says(await look(headers))).toBe(true);
  });
}

async function newOwner() {
  const { headers, userId } = await logInAs({ roles: ['restaurant'] });
  const { _id: restaurantId } = await createRestaurant({ ownerId: userId });
  return { headers, userId, restaurantId };
}

describe('a dashboard that lies ready', () => {
  it('shows its owner that the office has suspended, and a colleague has paused', async () => {
    const { headers, restaurantId } = await newOwner();
    expect((await kept(headers)).restaurants).toMatchObject([{ status: 'live', pausedUntil: null }]);
    const pausedUntil = new Date(Date.now() + 600_000);
    const write = { $set: { status: 'suspended', pausedUntil } };
    await RestaurantModel.collection.updateOne({ _id: restaurantId as never }, write);
    const isShown = ({ restaurants }: View) =>
      restaurants?.[0]?.status === 'suspended' && restaurants[0].pausedUntil === pausedUntil.toISOString();
    await shows(headers, isShown);
  });

  it('counts a dish that a colleague has sold out', async () => {
    const { headers, restaurantId } = await newOwner();
    const { _id } = await createMenuItem({ restaurantId });
    expect((await kept(headers)).restaurants).toMatchObject([{ soldOutItems: 0 }]);
    await MenuItemModel.collection.updateOne({ _id: _id as never }, { $set: { stock: 0 } });
    await shows(headers, ({ restaurants }) => restaurants?.[0]?.soldOutItems === 1);
  });

  it('counts for the office what is submitted, and at the event what is ordered', async () => {
    const { headers } = await logInAs({ roles: ['admin'] });
    expect((await kept(headers)).office).toMatchObject({ restaurantsInReview: 0 });
    await createRestaurant({ status: 'in_review' });
    await shows(headers, ({ office }) => office?.restaurantsInReview === 1);
    await kept(headers);
    const { customerId, restaurantId, courierId } = await getStoredOrder((await createOrderIn('placed'))._id);
    await dropForOrder({ customerId, restaurantId, courierId } as Parameters<typeof dropForOrder>[0]);
    expect((await look(headers)).office?.openOrders).toMatchObject({ placed: 1 });
  });

  it('loses a favourite that has paused', async () => {
    const { headers } = await logInAs();
    const { _id } = await createRestaurant();
    await app.request.put(`/api/v1/me/favourites/${_id}`).set(headers).expect(204);
    await eventually(async () => {
      expect((await kept(headers)).customer?.favouritesOpen).toHaveLength(1);
    });
    const write = { $set: { pausedUntil: new Date(Date.now() + 600_000) } };
    await RestaurantModel.collection.updateOne({ _id: _id as never }, write);
    await shows(headers, ({ customer }) => customer?.favouritesOpen.length === 0);
  });

  it('does not show the board to who has lost the job a moment ago', async () => {
    const { restaurantId } = await newOwner();
    const { headers, userId } = await logInAs({ roles: ['restaurant'] });
    await createMember({ restaurantId, userId, role: 'kitchen' });
    expect((await kept(headers)).restaurants).toMatchObject([{ restaurantId }]);
    await RestaurantStaffModel.collection.deleteOne({ restaurantId, userId });
    expect((await look(headers)).restaurants).toEqual([]);
  });

  it('stays while others are rated, ordered from and change their menus', async () => {
    const { headers } = await newOwner();
    const other = await newOwner();
    await kept(headers);
    await createMenuItem({ restaurantId: other.restaurantId });
    await RestaurantModel.collection.updateOne({ _id: other.restaurantId as never }, { $set: { popularity: 9 } });
    await kept(other.headers);
    expect((await readsOf(headers)).length).toBeLessThanOrEqual(2);
  });
});

describe('the dashboard of somebody with many workplaces', () => {
  it('costs as many queries as that of one, and counts each for itself', async () => {
    const one = await newOwner();
    const alone = await readsOf(one.headers);
    const many = await newOwner();
    const busy = await createRestaurant({ ownerId: many.userId, timeZone: 'America/New_York' });
    for (let turn = 0; turn < 3; turn += 1) await createRestaurant({ ownerId: many.userId });
    const orders = [
      await createOrderIn('placed', { restaurantId: busy._id }),
      await createOrderIn('placed', { restaurantId: busy._id }),
    ];
    await createOrderIn('delivered', { restaurantId: many.restaurantId });
    await createMenuItem({ restaurantId: busy._id, isAvailable: false });
    // One more: when the oldest order that nobody has answered was placed.
    expect((await readsOf(many.headers)).length).toBeLessThanOrEqual(alone.length + 1);
    const { restaurants } = await look(many.headers);
    expect(restaurants).toHaveLength(5);
    const board = (id: string) => restaurants?.find(({ restaurantId }) => restaurantId === id);
    expect(board(busy._id)).toMatchObject({ orders: { placed: 2 }, soldOutItems: 1, today: { orders: 0 } });
    expect(board(busy._id)?.oldestPlacedAt).toBe((await getStoredOrder(orders[0]?._id ?? '')).placedAt?.toISOString());
    expect(board(many.restaurantId)).toMatchObject({ orders: { placed: 0 }, soldOutItems: 0, today: { orders: 1 } });
  });
});
