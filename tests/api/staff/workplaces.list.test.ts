import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { staffScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

async function workplacesOf({ headers }: { headers: { Authorization: string } }) {
  const res = await app.request.get('/api/v1/me/workplaces').set(headers).expect(200);
  return (res.body as { data: object[] }).data;
}

describe('GET /me/workplaces', () => {
  it('tells kitchen and manager the restaurant and their duty', async () => {
    const { restaurantId, manager, kitchen } = await staffScene();
    expect(await workplacesOf(kitchen)).toEqual([expect.objectContaining({ restaurantId, role: 'kitchen' })]);
    expect(await workplacesOf(manager)).toEqual([expect.objectContaining({ restaurantId, role: 'manager' })]);
  });

  it('tells an owner all houses by name', async () => {
    const owner = await logInAs({ roles: ['restaurant'] });
    for (const name of ['Zest', 'Almond']) await createRestaurant({ ownerId: owner.userId, name });
    expect(await workplacesOf(owner)).toMatchObject([
      { name: 'Almond', role: 'owner' },
      { name: 'Zest', role: 'owner' },
    ]);
  });

  it('is empty for who works nowhere', async () => {
    await createRestaurant();
    expect(await workplacesOf(await logInAs())).toEqual([]);
  });
});
