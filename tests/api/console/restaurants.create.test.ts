import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRestaurantRoute } from '../../../src/modules/console/onboarding/onboarding.schema.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createBrand } from '../../factories/brand.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { auditAbout, consoleOf, DRAFT, storedRestaurant } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function create({ headers }: Login, body: object = DRAFT) {
  return app.request.post('/api/v1/restaurants').set(headers).send(body);
}

describe('POST /restaurants', () => {
  it('makes a draft of one’s own, and its maker a restaurant’s account with the same token', async () => {
    const login = await logInAs();
    const res = await create(login).expect(201);
    expectContract(createRestaurantRoute, res);
    const made = consoleOf(res);
    expect(made).toMatchObject({
      ...DRAFT,
      ...{ ownerId: login.userId, status: 'draft', version: 0, brandId: null },
      slug: expect.stringMatching(/^pepper-house-[a-z0-9]{4}$/) as unknown,
      ...{ hours: [], feeBands: [], taxRates: {}, modes: ['delivery'], rating: { average: 0, count: 0 } },
    });
    expect(res.headers).toMatchObject({ etag: '"0"', location: `/api/v1/restaurants/${made.id}/console` });
    const row = await storedRestaurant(made.id);
    expect(row).toMatchObject({ status: 'draft', ownerId: login.userId, listKeys: [] });
    expect(row.searchTokens).toContain('pepper');
    expect((await UserModel.findById(login.userId).lean())?.roles).toEqual(['customer', 'restaurant']);
    expect(await auditAbout(made.id)).toMatchObject([{ event: 'restaurant.created', actorId: login.userId }]);
    expect(await auditAbout(login.userId)).toMatchObject([{ event: 'user.roles_changed', reason: 'staff' }]);
    const places = await app.request.get('/api/v1/me/workplaces').set(login.headers).expect(200);
    expect(places.body).toMatchObject({
      data: [{ restaurantId: made.id, role: 'owner', name: 'Pepper House', status: 'draft' }],
    });
    await app.request.get(`/api/v1/restaurants/${made.id}`).expect(404);
    await app.request.get(`/api/v1/restaurants/${made.id}/availability`).expect(404);
  });

  it('takes everything else too, a brand of one’s own among it', async () => {
    const login = await logInAs({ roles: ['restaurant'] });
    const { _id: brandId } = await createBrand({ ownerId: login.userId });
    const more = {
      ...{ brandId, description: 'Peppery.', diets: ['vegetarian'], modes: ['delivery', 'collection'] },
      ...{ prepMinutes: 30, busyExtraPrepMinutes: 0, minimumOrderMinor: 9900, serviceFeeMinor: 500 },
      ...{ taxRates: { food: 500, delivery: 1800 }, pricesIncludeTax: false },
    };
    const res = await create(login, { ...DRAFT, ...more }).expect(201);
    expect(res.body).toMatchObject(more);
  });

  it('gives each an address of its own, whatever the name, and none that another might want', async () => {
    const [one, two] = [await logInAs(), await logInAs()];
    const slugs: string[] = [];
    for (const [login, name] of [
      [one, 'Café Ünïcode & Sons'],
      [two, 'Café Ünïcode & Sons'],
      [one, '寿司'],
      [two, '寿司'],
    ] as const) {
      slugs.push(consoleOf(await create(login, { ...DRAFT, name }).expect(201)).slug);
    }
    for (const slug of slugs.slice(0, 2)) expect(slug).toMatch(/^cafe-unicode-sons-[a-z0-9]{4}$/);
    for (const slug of slugs.slice(2)) expect(slug).toMatch(/^restaurant-[a-z0-9]{4}$/);
    expect(new Set(slugs).size).toBe(4);
  });

  it('makes one draft of a double click', async () => {
    const login = await logInAs();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(login)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused && errorOf(refused)).toMatchObject({
      code: 'already_exists',
      details: [{ path: 'name', code: 'restaurant_prepared' }],
    });
    expect(await RestaurantModel.countDocuments({ ownerId: login.userId })).toBe(1);
    await create(login, { ...DRAFT, addressLine: '8 Customs House Road' }).expect(201);
  });

  it('lets nobody prepare more than ten, also not at once', async () => {
    const login = await logInAs();
    const answers = await Promise.all(
      Array.from({ length: 13 }, (_, index) => create(login, { ...DRAFT, name: `Pepper ${String(index)}` })),
    );
    const codes = answers.filter(({ status }) => status !== 201).map((res) => errorOf(res).code);
    expect(codes).toEqual(['list_full', 'list_full', 'list_full']);
    expect(await RestaurantModel.countDocuments({ ownerId: login.userId })).toBe(10);
  });

  it('is refused with an unproven e-mail, by an admin’s demotion, and for a brand of somebody else', async () => {
    const [unproven, demoted, other] = await Promise.all([
      logInAs({ emailVerifiedAt: null }),
      logInAs({ blockedRoles: ['restaurant'] }),
      logInAs(),
    ]);
    const before = await hashDatabase({ except: ['audit_log'] });
    expect(errorOf(await create(unproven).expect(422)).code).toBe('email_not_verified');
    expect(errorOf(await create(demoted).expect(403)).code).toBe('forbidden');
    for (const brandId of [newId(), other.userId]) {
      expect(errorOf(await create(other, { ...DRAFT, brandId }).expect(404)).code).toBe('not_found');
    }
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
    const { _id: brandId } = await createBrand();
    await create(other, { ...DRAFT, brandId }).expect(404);
    await app.request.post('/api/v1/restaurants').send(DRAFT).expect(401);
  });

  it.each([
    ['role', { role: 'admin' }],
    ['status', { status: 'live' }],
    ['ownerId', { ownerId: newId() }],
    ['version', { version: 7 }],
    ['slug', { slug: 'mine' }],
    ['rating', { rating: { average: 5, count: 1 } }],
    ['hours', { hours: [] }],
    ['taxRates.gold', { taxRates: { gold: 5 } }],
  ])('refuses the key %s', async (path, extra) => {
    const res = await create(await logInAs(), { ...DRAFT, ...extra }).expect(400);
    expect(errorOf(res).details).toMatchObject([{ path, code: 'unknown_key' }]);
    expect(await RestaurantModel.countDocuments()).toBe(0);
  });

  it.each([
    { name: '' },
    { name: 'a\u202eb' },
    { cuisines: [] },
    { cuisines: ['pizza', 'pizza'] },
    { cuisines: ['No Slug'] },
    { phone: '0170' },
    { location: { lat: 0, lng: 0 } },
    { location: { lat: 91, lng: 0 } },
    { timeZone: 'Mars/Olympus' },
    { timeZone: '+05:30' },
    { currency: 'XYZ' },
    { currency: 'inr' },
    { modes: [] },
    { prepMinutes: 4 },
    { serviceFeeMinor: -1 },
    { serviceFeeMinor: 0.5 },
    { taxRates: { food: 5001 } },
  ])('refuses %j', async (change) => {
    const res = await create(await logInAs(), { ...DRAFT, ...change }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
  });
});
