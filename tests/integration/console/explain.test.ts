import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { getBrand, listBranches } from '../../../src/modules/console/brands/branches.queries.ts';
import * as brands from '../../../src/modules/console/brands/brands.service.ts';
import { followBranch } from '../../../src/modules/console/brands/public-name.service.ts';
import { listManagedRestaurants } from '../../../src/modules/console/onboarding/admin-restaurants.service.ts';
import { getMenuStand, indexMenu } from '../../../src/modules/menu/index.ts';
import { countPrepared, hasStandingBranch, isSlugTaken } from '../../../src/modules/restaurants/index.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createBrand } from '../../factories/brand.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurants } from '../../factories/restaurant.ts';
import { createUser } from '../../factories/user.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const OTHERS = 60;
const me = { userId: '', roles: ['restaurant' as const], sessionId: newId() };
let brandId: string;
let restaurantId: string;

beforeAll(async () => {
  await bootstrap();
  me.userId = (await createUser())._id;
  brandId = (await createBrand({ ownerId: me.userId }))._id;
  const { userId: ownerId } = me;
  const status = 'in_review' as const;
  await createRestaurants(Array.from({ length: OTHERS }, () => ({})));
  const [mine] = await createRestaurants([
    { ownerId, brandId },
    { ownerId, status, submittedAt: now() },
    { status: 'suspended' },
  ]);
  restaurantId = mine?._id ?? '';
  await createMenuItem({ restaurantId });
  for (let index = 0; index < OTHERS; index += 1) {
    await createBrand();
    await createMenuItem();
  }
});
afterAll(() => shutdown('test'));

const LEFT = { brandId: null, status: 'live' };
const WORK: Record<string, () => Promise<unknown>> = {
  'listRestaurantsByStatus of who waits': () => listManagedRestaurants({ status: 'in_review', limit: 1 }),
  'listRestaurantsByStatus of a status': () => listManagedRestaurants({ status: 'suspended', limit: 1 }),
  'listRestaurantsByStatus of all': () => listManagedRestaurants({ limit: 1 }),
  countPrepared: () => withTransaction((tx) => countPrepared(tx, me.userId)),
  hasStandingBranch: () => withTransaction((tx) => hasStandingBranch(brandId, tx)),
  isSlugTaken: () => withTransaction((tx) => isSlugTaken('pepper-house', tx)),
  getBrand: () => getBrand(brandId),
  listLiveBranches: () => listBranches({ brandId, limit: 1 }),
  listBrands: () => brands.listBrands(me),
  createBrand: () => brands.createBrand({ name: `Salt ${newId()}` }, me),
  updateBrand: () => brands.updateBrand({ brandId, expectedVersion: 0, change: { description: '' } }, me),
  followBranch: () => withTransaction((tx) => followBranch(tx, LEFT, { ...LEFT, brandId })),
  getMenuStand: () => getMenuStand(restaurantId),
  indexMenu: () => withTransaction((tx) => indexMenu(tx, restaurantId, 'live')),
};

it.each(Object.keys(WORK))('%s finds its rows by an index, and few others', async (name) => {
  const plans = await explainQueries(WORK[name] ?? (() => Promise.resolve()));
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) {
    expect(plan.stages, plan.command).not.toContain('COLLSCAN');
    expect(plan.stages, plan.command).not.toContain('SORT');
    expect(plan.docsExamined, plan.command).toBeLessThanOrEqual(3);
  }
});
