import '../../setup/with-page-cache.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { positionNow } from '../../../src/infra/pages/index.ts';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { dropForOrder } from '../../../src/modules/dashboard/index.ts';
import { REVIEW_INDEXES } from '../../../src/modules/reviews/review.model.ts';
import type { OrderMessage } from '../../../src/modules/orders/index.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createReview } from '../../factories/review.ts';
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
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

type Headers = Record<string, string>;

async function look(headers: Headers) {
  const res = await app.request.get('/api/v1/dashboard').set(headers).expect(200);
  return res.body as {
    customer: { openOrders: { id: string }[] } | null;
    restaurants: { orders: Record<string, number>; today: object | null }[] | null;
    courier: object | null;
    office: Record<string, unknown> | null;
    age: number;
  };
}

function messageOf({
  customerId,
  restaurantId,
  courierId,
}: {
  customerId: string;
  restaurantId: string;
  courierId: string | null;
}) {
  return { customerId, restaurantId, courierId } as OrderMessage;
}

describe('GET /dashboard', () => {
  it('shows a customer what is under way, and what others have not', async () => {
    const login = await logInAs();
    const order = await createOrderIn('placed', { customerId: login.userId });
    const foreign = await createOrderIn('placed');
    const view = await look(login.headers);
    expect(view.customer?.openOrders.map(({ id }) => id)).toEqual([order._id]);
    expect(JSON.stringify(view)).not.toContain(foreign._id);
    expect(view).toMatchObject({ restaurants: null, courier: null, office: null, age: 0 });
  });

  it('comes out of Redis with its age, until an event of an order', async () => {
    const login = await logInAs();
    // The stream of changes has passed all that was written until now.
    await eventually(() => {
      expect(positionNow()).not.toBeNull();
    });
    await look(login.headers);
    const order = await createOrderIn('placed', { customerId: login.userId });
    setClock({ offsetMs: 7_000 });
    expect(await look(login.headers)).toMatchObject({ customer: { openOrders: [] }, age: 7 });
    await dropForOrder(messageOf(await getStoredOrder(order._id)));
    expect(await look(login.headers)).toMatchObject({ customer: { openOrders: [{ id: order._id }] }, age: 0 });
  });

  it('shows the effect of an own write at once', async () => {
    const login = await logInAs();
    const { _id: restaurantId, name } = await createRestaurant();
    expect(await look(login.headers)).toMatchObject({ customer: { favouritesOpen: [] } });
    await app.request.put(`/api/v1/me/favourites/${restaurantId}`).set(login.headers).expect(204);
    await eventually(async () => {
      expect(await look(login.headers)).toMatchObject({ customer: { favouritesOpen: [{ name }] } });
    });
  });

  it('counts the board of a workplace, with takings for whom they are', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
    await createOrderIn('placed', { restaurantId, ownerId: owner.userId });
    const view = await look(owner.headers);
    expect(view.restaurants).toMatchObject([{ restaurantId, orders: { placed: 1, ready: 0 }, soldOutItems: 0 }]);
    expect(view.restaurants?.[0]?.today).toMatchObject({ orders: 0 });
    expect(view.restaurants?.[0]).toHaveProperty('oldestPlacedAt', expect.any(String));
  });

  it('counts the reviews that wait for a word, for who may give it', async () => {
    const [owner, kitchen] = [await logInAs({ roles: ['restaurant'] }), await logInAs({ roles: ['restaurant'] })];
    const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
    await createMember({ restaurantId, userId: kitchen.userId, role: 'kitchen' });
    const reply = { text: 'Thanks', at: now(), byUserId: owner.userId };
    const dayMs = 86_400_000;
    const waiting = await createReview({ restaurantId, createdAt: addMs(now(), -30 * dayMs + 60_000) });
    await createReview({ restaurantId, createdAt: addMs(now(), -30 * dayMs) });
    await createReview({ restaurantId, reply });
    await createReview({ restaurantId, isHidden: true, hiddenReason: 'Spam' });
    await createReview();
    const plans = await explainQueries(async () => {
      expect((await look(owner.headers)).restaurants).toMatchObject([{ unansweredReviews: 1 }]);
    });
    const counted = plans.find(({ command }) => command === 'aggregate reviews');
    expect(new Set(counted?.indexes)).toEqual(new Set([REVIEW_INDEXES.unanswered]));
    expect((await look(kitchen.headers)).restaurants).toMatchObject([{ unansweredReviews: null }]);
    const path = `/api/v1/reviews/${waiting._id}/reply`;
    await app.request.post(path).set(owner.headers).send({ text: 'Sorry!' }).expect(200);
    await eventually(async () => {
      expect((await look(owner.headers)).restaurants).toMatchObject([{ unansweredReviews: 0 }]);
    });
  });

  it('shows the office numbers, and nobody’s name', async () => {
    const admin = await logInAs({ roles: ['admin'] });
    await createOrderIn('placed');
    await createRestaurant({ status: 'in_review' });
    expect((await look(admin.headers)).office).toMatchObject({
      openOrders: { placed: 1, accepted: 0 },
      restaurantsInReview: 1,
      stalledDeliveries: 0,
      deadLetters: 0,
    });
  });

  it.each([['customer'], ['restaurant'], ['courier'], ['admin']] as const)(
    'reads for a %s by index alone',
    async (role) => {
      const login = await logInAs({ roles: [role] });
      await createRestaurant({ ownerId: login.userId });
      const plans = await explainQueries(() => look(login.headers));
      expect(plans.length).toBeGreaterThan(2);
      for (const { command, stages } of plans)
        expect({ command, stages }).not.toMatchObject({ stages: expect.arrayContaining(['COLLSCAN']) as unknown });
      for (const { command, stages } of plans)
        expect({ command, stages }).not.toMatchObject({ stages: expect.arrayContaining(['SORT']) as unknown });
    },
  );

  it('is kept under the person’s key, and under no other', async () => {
    const canary = `Canary ${newId()}`;
    const [one, two] = [await logInAs({ name: canary }), await logInAs()];
    await createOrderIn('placed', { customerId: one.userId, restaurant: { ...RESTAURANT, name: canary } });
    await eventually(() => {
      expect(positionNow()).not.toBeNull();
    });
    await Promise.all([look(one.headers), look(two.headers)]);
    const { cache } = redisClients();
    const keys = await cache.keys(redisKey('*'));
    const holding: string[] = [];
    for (const key of keys) {
      if ((await cache.type(key)) === 'string' && ((await cache.get(key)) ?? '').includes(canary)) holding.push(key);
    }
    expect(holding).toEqual([redisKey('dashboard', one.userId)]);
  });

  it('needs a log-in', async () => {
    await app.request.get('/api/v1/dashboard').expect(401);
  });
});

const RESTAURANT = {
  addressLine: '7 Customs House Road',
  phone: '+12015550100',
  location: { lat: 15.2, lng: 73.1 },
  timeZone: 'Asia/Kolkata',
};
