import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import {
  getManagedRestaurantRoute,
  listManagedRestaurantsRoute,
  setRestaurantCommissionRoute,
} from '../../../src/modules/console/onboarding/admin-restaurants.schema.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { createRestaurant, createRestaurants } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

async function namesOf(search: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const more = cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `/api/v1/admin/restaurants?limit=2${search}${more}`;
    const res = await app.request.get(path).set(admin.headers).expect(200);
    expectContract(listManagedRestaurantsRoute, res);
    const body = res.body as { data: { name: string }[]; page: { nextCursor: string | null } };
    names.push(...body.data.map(({ name }) => name));
    cursor = body.page.nextCursor;
  }
  return names;
}

const minute = (value: number) => dateFrom(Date.UTC(2026, 10, 20, 12, value));

describe('GET /admin/restaurants', () => {
  it('lists who waits for a review, the longest first, also those of one instant', async () => {
    const waiting = [3, 1, 2, 1, 1].map((at, index) => {
      return { name: `${String(at)}${String(index)}`, status: 'in_review' as const, submittedAt: minute(at) };
    });
    await createRestaurants(waiting);
    await createRestaurants([{ name: 'live' }, { name: 'draft', status: 'draft', submittedAt: minute(0) }]);
    expect(await namesOf('&status=in_review')).toEqual(['11', '13', '14', '22', '30']);
  });

  it('lists every other status, and all of them, newest first', async () => {
    for (const [name, status] of [
      ['a', 'live'],
      ['b', 'suspended'],
      ['c', 'live'],
      ['d', 'draft'],
      ['e', 'live'],
    ] as const) {
      await createRestaurant({ name, status });
    }
    expect(await namesOf('&status=live')).toEqual(['e', 'c', 'a']);
    expect(await namesOf('&status=archived')).toEqual([]);
    expect(await namesOf('')).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('takes a cursor for the list alone that it was made for', async () => {
    await createRestaurants([{}, {}, {}]);
    const res = await app.request.get('/api/v1/admin/restaurants?limit=1').set(admin.headers).expect(200);
    const { nextCursor } = (res.body as { page: { nextCursor: string } }).page;
    const path = `/api/v1/admin/restaurants?limit=1&status=live&cursor=${nextCursor}`;
    await app.request.get(path).set(admin.headers).expect(400);
    await app.request.get('/api/v1/admin/restaurants?status=gone').set(admin.headers).expect(400);
    await app.request.get('/api/v1/admin/restaurants?owner=x').set(admin.headers).expect(400);
  });

  it('is for admins alone', async () => {
    for (const role of ['support', 'restaurant'] as const) {
      const { headers } = await logInAs({ roles: [role] });
      await app.request.get('/api/v1/admin/restaurants').set(headers).expect(403);
    }
  });
});

describe('GET /admin/restaurants/:restaurantId', () => {
  it('shows everything, in any status, with the tag that a decision needs', async () => {
    const { _id } = await createRestaurant({ status: 'draft', version: 4 });
    const res = await app.request.get(`/api/v1/admin/restaurants/${_id}`).set(admin.headers).expect(200);
    expectContract(getManagedRestaurantRoute, res);
    expect(res.headers['etag']).toBe('"4"');
  });
});

describe('PUT /admin/restaurants/:restaurantId/commission', () => {
  it('is agreed by an admin on the version that was seen, shown to the owner, and written down', async () => {
    const { _id, ownerId, version } = await createRestaurant();
    const path = `/api/v1/admin/restaurants/${_id}/commission`;
    const put = () =>
      app.request
        .put(path)
        .set({ ...admin.headers, 'If-Match': `"${version}"` })
        .send({ commissionBasisPoints: 1_500 });
    const res = await put().expect(200);
    expectContract(setRestaurantCommissionRoute, res);
    expect(res.body).toMatchObject({ commissionBasisPoints: 1_500, ownerId });
    await put().expect(409);
    expect(await AuditModel.find({ subjectId: _id }).lean()).toMatchObject([
      { event: 'restaurant.terms_changed', actorId: admin.userId, after: { commissionBasisPoints: 1_500 } },
    ]);
    await app.request.put(path).set(admin.headers).send({ commissionBasisPoints: 1_500 }).expect(400);
    const owner = await logInAs({ roles: ['restaurant'] });
    await app.request.put(path).set(owner.headers).send({ commissionBasisPoints: 0 }).expect(403);
  });
});
