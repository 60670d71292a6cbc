import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrandModel, type BrandRow } from '../../../src/modules/console/brands/brand.model.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { createBrand } from '../../factories/brand.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { storedRestaurant, tag } from './helpers.ts';

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

async function decide(restaurantId: string, body: object) {
  const { version } = await storedRestaurant(restaurantId);
  const path = `/api/v1/admin/restaurants/${restaurantId}/status`;
  return app.request
    .put(path)
    .set({ ...admin.headers, ...tag(version) })
    .send(body);
}

const approve = (restaurantId: string) => decide(restaurantId, { status: 'live' });

interface House {
  owner: Login;
  brand: BrandRow;
  restaurantId: string;
}

/** An owner with a brand and a branch of it that waits for the office. */
async function house(name: string, changes: Partial<RestaurantRow> = {}): Promise<House> {
  const owner = await logInAs({ roles: ['restaurant'] });
  const brand = await createBrand({ ownerId: owner.userId, name });
  const branch = { brandId: brand._id, ownerId: owner.userId, status: 'in_review' as const };
  const { _id: restaurantId } = await createCompleteRestaurant({ name, ...branch, ...changes });
  return { owner, brand, restaurantId };
}

async function stored({ brand }: House): Promise<BrandRow | null> {
  return BrandModel.findById(brand._id).lean<BrandRow>();
}

function patch(path: string, { headers }: Login, { version, ...body }: { version: number } & Record<string, unknown>) {
  return app.request
    .patch(`/api/v1/${path}`)
    .set({ ...headers, ...tag(version) })
    .send(body);
}

describe('the name of a brand', () => {
  it('is nobody’s before a branch is approved, and then its own, in any spelling', async () => {
    const [one, two] = [await house('Pepper House'), await house('PEPPER-HOUSE')];
    expect(await stored(two)).toMatchObject({ nameKey: null });
    expect((await approve(two.restaurantId)).status).toBe(200);
    expect(await stored(two)).toMatchObject({ nameKey: 'pepper house', slug: 'pepper-house' });
    const refused = await approve(one.restaurantId);
    expect([refused.status, errorOf(refused)]).toMatchObject([
      409,
      { code: 'already_exists', details: [{ path: 'brandId', code: 'brand_name_taken' }] },
    ]);
    expect(await storedRestaurant(one.restaurantId)).toMatchObject({ status: 'in_review', version: 0 });
  });

  it('of two that are approved at once is one’s', async () => {
    const houses = await Promise.all(['Salt', 'salt', 'SALT'].map((name) => house(name)));
    const answers = await Promise.all(houses.map(({ restaurantId }) => approve(restaurantId)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(await BrandModel.countDocuments({ nameKey: 'salt' })).toBe(1);
  });

  it('stays while a branch is suspended, and is free when the last one is closed', async () => {
    const [one, two] = [await house('Salt'), await house('Salt')];
    await approve(one.restaurantId);
    await decide(one.restaurantId, { status: 'suspended', reason: 'A complaint.' });
    expect((await approve(two.restaurantId)).status).toBe(409);
    await decide(one.restaurantId, { status: 'archived', reason: 'It stays closed.' });
    expect(await stored(one)).toMatchObject({ nameKey: null });
    expect((await approve(two.restaurantId)).status).toBe(200);
  });

  it('stays with the branch that is left', async () => {
    const one = await house('Salt');
    const { brandId, ownerId } = await storedRestaurant(one.restaurantId);
    const { _id: second } = await createCompleteRestaurant({ brandId, ownerId, status: 'in_review' });
    for (const id of [one.restaurantId, second]) await approve(id);
    await app.request.post(`/api/v1/restaurants/${second}/close`).set(one.owner.headers).expect(200);
    expect(await stored(one)).toMatchObject({ nameKey: 'salt' });
    await app.request.post(`/api/v1/restaurants/${one.restaurantId}/close`).set(one.owner.headers).expect(200);
    expect(await stored(one)).toMatchObject({ nameKey: null });
  });

  it('that customers know from another brand is refused to who renames theirs, unless nobody sees it', async () => {
    const [one, two] = [await house('Salt'), await house('Pepper')];
    for (const { restaurantId } of [one, two]) await approve(restaurantId);
    const version = (await stored(two))?.version ?? 0;
    const res = await patch(`brands/${two.brand._id}`, two.owner, { version, name: 'S.A.L.T. salt' }).expect(200);
    expect(res.body).toMatchObject({ name: 'S.A.L.T. salt' });
    expect(await stored(two)).toMatchObject({ nameKey: 's a l t salt' });
    const taken = await patch(`brands/${two.brand._id}`, two.owner, { version: version + 1, name: 'salt!' }).expect(
      409,
    );
    expect(errorOf(taken).details).toMatchObject([{ path: 'name', code: 'brand_name_taken' }]);
    const unseen = await createBrand({ ownerId: two.owner.userId, name: 'Unseen' });
    await patch(`brands/${unseen._id}`, two.owner, { version: 0, name: 'Salt' }).expect(200);
  });

  it('that is taken keeps a live restaurant from joining, and goes when it leaves', async () => {
    const [one, two] = [await house('Salt'), await house('Pepper')];
    for (const { restaurantId } of [one, two]) await approve(restaurantId);
    const unseen = await createBrand({ ownerId: two.owner.userId, name: 'Salt' });
    const path = `restaurants/${two.restaurantId}`;
    const taken = await patch(path, two.owner, { version: 1, brandId: unseen._id }).expect(409);
    expect(errorOf(taken).details).toMatchObject([{ path: 'brandId', code: 'brand_name_taken' }]);
    await patch(path, two.owner, { version: 1, brandId: null }).expect(200);
    expect(await stored(two)).toMatchObject({ nameKey: null });
  });
});

describe('the address of a restaurant', () => {
  const slugOf = async (id: string) => (await storedRestaurant(id)).slug;

  it('becomes that of its name with the first approval, whoever prepared the name before', async () => {
    const squatter = await house('Café Zoë', { slug: 'cafe-zoe-ab12', brandId: null, status: 'draft' });
    const other = await house('Café Zoë', { slug: 'cafe-zoe-cd34', brandId: null });
    await approve(other.restaurantId);
    expect([await slugOf(squatter.restaurantId), await slugOf(other.restaurantId)]).toEqual([
      'cafe-zoe-ab12',
      'cafe-zoe',
    ]);
  });

  it('keeps its tail where another restaurant has the plain one, also of two approved at once', async () => {
    const houses = await Promise.all(
      ['ab12', 'cd34'].map((tail) => house('Café Zoë', { slug: `cafe-zoe-${tail}`, brandId: null })),
    );
    const answers = await Promise.all(houses.map(({ restaurantId }) => approve(restaurantId)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const slugs = await Promise.all(houses.map(({ restaurantId }) => slugOf(restaurantId)));
    expect(slugs.filter((slug) => slug === 'cafe-zoe')).toHaveLength(1);
    expect(slugs.filter((slug) => /^cafe-zoe-(ab12|cd34)$/.test(slug))).toHaveLength(1);
  });

  it('that was public once stays when it is approved again under another name', async () => {
    const { restaurantId } = await house('Salt', { slug: 'pepper', brandId: null, liveAt: now() });
    await approve(restaurantId);
    expect(await slugOf(restaurantId)).toBe('pepper');
  });
});
