import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrandModel } from '../../../src/modules/console/brands/brand.model.ts';
import {
  createBrandRoute,
  getBrandRoute,
  listBranchesRoute,
  listBrandsRoute,
  updateBrandRoute,
} from '../../../src/modules/console/brands/brands.schema.ts';
import { createBrand } from '../../factories/brand.ts';
import { createRestaurant, createRestaurants } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { tag } from './helpers.ts';

let app: TestApp;
let owner: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  owner = await logInAs({ roles: ['restaurant'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/brands';

function create(body: object, { headers } = owner) {
  return app.request.post(PATH).set(headers).send(body);
}

describe('POST /brands', () => {
  it('makes a brand of one’s own, which the public does not see before a branch is live', async () => {
    const res = await create({ name: 'Pepper House', description: 'Peppery since 1974.' }).expect(201);
    expectContract(createBrandRoute, res);
    const { id } = res.body as { id: string };
    expect(res.headers).toMatchObject({ etag: '"0"', location: `${PATH}/${id}/console` });
    expect(res.body).toMatchObject({ name: 'Pepper House', version: 0 });
    const { slug } = res.body as { slug: string };
    expect(slug).toMatch(/^pepper-house-[a-z0-9]{4}$/);
    await createRestaurant({ brandId: id, ownerId: owner.userId, status: 'in_review' });
    await app.request.get(`${PATH}/${id}`).expect(404);
    await app.request.get(`${PATH}/${id}/branches`).expect(404);
    await createRestaurant({ brandId: id, ownerId: owner.userId });
    const shown = await app.request.get(`${PATH}/${id}`).expect(200);
    expectContract(getBrandRoute, shown);
    expect(shown.body).toEqual({ id, name: 'Pepper House', slug, description: 'Peppery since 1974.' });
    const mine = await app.request.get('/api/v1/me/brands').set(owner.headers).expect(200);
    expectContract(listBrandsRoute, mine);
    expect(mine.body).toMatchObject({ data: [{ id, version: 0 }] });
  });

  it('makes one brand of a double click, gives others of the name another address, and has an end', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => create({ name: 'Salt' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    const other = await logInAs({ roles: ['restaurant'] });
    const theirs = await create({ name: 'Salt' }, other).expect(201);
    expect((theirs.body as { slug: string }).slug).toMatch(/^salt-[a-z0-9]{4}$/);
    for (let index = 0; index < 19; index += 1)
      await createBrand({ ownerId: owner.userId, name: `B ${String(index)}` });
    expect(errorOf(await create({ name: 'One more' }).expect(422)).code).toBe('list_full');
  });

  it.each([{}, { name: '' }, { name: 'x', slug: 'mine' }, { name: 'x', ownerId: 'y' }, { name: 'x', version: 3 }])(
    'refuses %j',
    async (body) => {
      expect(errorOf(await create(body).expect(400)).code).toBe('validation_failed');
      expect(await BrandModel.countDocuments()).toBe(0);
    },
  );

  it('is closed to customers', async () => {
    await create({ name: 'Salt' }, await logInAs()).expect(403);
  });
});

describe('PATCH /brands/:brandId', () => {
  it('changes it on its version, and of twenty at once one wins', async () => {
    const { _id } = await createBrand({ ownerId: owner.userId });
    const edit = (version: number, body: object) =>
      app.request
        .patch(`${PATH}/${_id}`)
        .set({ ...owner.headers, ...tag(version) })
        .send(body);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => edit(0, { name: `N ${String(index)}` })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const res of won) expectContract(updateBrandRoute, res);
    const lost = answers.filter(({ status }) => status !== 200).map((res) => errorOf(res));
    expect(new Set(lost.map(({ code, details }) => JSON.stringify([code, details]))).size).toBe(1);
    expect(lost[0]).toMatchObject({ code: 'version_conflict', details: { currentVersion: 1 } });
    await createBrand({ ownerId: owner.userId, name: 'Taken' });
    expect(errorOf(await edit(1, { name: 'Taken' }).expect(409)).code).toBe('already_exists');
    await app.request.patch(`${PATH}/${_id}`).set(owner.headers).send({ description: '' }).expect(400);
  });
});

describe('GET /brands/:brandId/branches', () => {
  it('lists the live ones of this brand alone, page by page', async () => {
    const [{ _id: brandId }, { _id: another }] = [await createBrand(), await createBrand()];
    const names = ['ash', 'birch', 'cedar', 'date', 'elm'];
    await createRestaurants(names.map((slug) => ({ slug, brandId, name: slug })));
    await createRestaurants([{ brandId: another }, { brandId, status: 'suspended' }, { brandId, status: 'draft' }, {}]);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const res = await app.request.get(`${PATH}/${brandId}/branches?limit=2${query}`).expect(200);
      expectContract(listBranchesRoute, res);
      const body = res.body as { data: { slug: string; isOpen: boolean }[]; page: { nextCursor: string | null } };
      expect(body.data.every(({ isOpen }) => isOpen)).toBe(true);
      seen.push(...body.data.map(({ slug }) => slug));
      cursor = body.page.nextCursor;
    }
    expect(seen).toEqual(names);
  });

  it('takes no cursor of another brand', async () => {
    const [{ _id: one }, { _id: two }] = [await createBrand(), await createBrand()];
    for (const brandId of [one, two]) await createRestaurants([{ brandId }, { brandId }]);
    const res = await app.request.get(`${PATH}/${one}/branches?limit=1`).expect(200);
    const { nextCursor } = (res.body as { page: { nextCursor: string } }).page;
    const foreign = await app.request.get(`${PATH}/${two}/branches?limit=1&cursor=${nextCursor}`).expect(400);
    expect(errorOf(foreign).code).toBe('validation_failed');
  });
});
