import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getMenuRoute } from '../../../src/modules/menu/menu.schema.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildOption, buildOptionGroup, createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const path = (restaurantId: string): string => `/api/v1/restaurants/${restaurantId}/menu`;

describe('GET /restaurants/:restaurantId/menu', () => {
  it('says of a dish with nothing left to choose that it cannot be had, and when again', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id: categoryId } = await createCategory({ restaurantId });
    const soldOutUntil = secondsFromNow(3_600);
    const options = [buildOption({ isAvailable: false }), buildOption({ soldOutUntil })];
    await createMenuItem({ restaurantId, categoryId, optionGroups: [buildOptionGroup({ options })] });
    expect((await app.request.get(path(restaurantId)).expect(200)).body).toMatchObject({
      categories: [
        {
          items: [{ isAvailable: false, reason: 'choices_sold_out', nextAvailableAt: soldOutUntil.toISOString() }],
        },
      ],
    });
  });

  it('answers categories, items and option groups as documented', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id: categoryId } = await createCategory({ restaurantId, name: 'Biryani' });
    const gone = buildOption({ name: 'Family', priceMinor: 9_000, isAvailable: false });
    const group = buildOptionGroup({ name: 'Size', options: [buildOption({ name: 'Small' }), gone] });
    const extras = buildOptionGroup({ name: 'Extras', minSelect: 0, maxSelect: 2 });
    const item = await createMenuItem({ restaurantId, categoryId, allergens: ['milk'], optionGroups: [group, extras] });
    const response = await app.request.get(path(restaurantId)).expect(200);
    const body = getMenuRoute.responses[200]?.parse(response.body);
    expect(body).toMatchObject({
      restaurantId,
      currency: 'INR',
      categories: [
        {
          id: categoryId,
          name: 'Biryani',
          items: [
            {
              id: item._id,
              price: { amount: 24_900, currency: 'INR' },
              allergens: ['milk'],
              diets: ['vegetarian'],
              isAvailable: true,
              soldOutUntil: null,
              optionGroups: [
                {
                  id: group._id,
                  isRequired: true,
                  minSelect: 1,
                  maxSelect: 1,
                  options: [
                    { name: 'Small', price: { amount: 0, currency: 'INR' }, isAvailable: true },
                    { id: gone._id, name: 'Family', price: { amount: 9_000, currency: 'INR' }, isAvailable: false },
                  ],
                },
                { isRequired: false, maxSelect: 2 },
              ],
            },
          ],
        },
      ],
    });
    expect(response.headers['cache-control']).toBe('public, max-age=10, stale-while-revalidate=20');
  });

  it('shows what is sold out, and until when', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id: categoryId } = await createCategory({ restaurantId });
    const soldOutUntil = new Date('2031-01-01T00:00:00.000Z');
    await createMenuItem({ restaurantId, categoryId, soldOutUntil });
    const body: unknown = (await app.request.get(path(restaurantId)).expect(200)).body;
    expect(body).toMatchObject({
      categories: [{ items: [{ isAvailable: false, soldOutUntil: '2031-01-01T00:00:00.000Z' }] }],
    });
  });

  it('is empty, not missing, for a restaurant without items', async () => {
    const { _id } = await createRestaurant();
    const body: unknown = (await app.request.get(path(_id)).expect(200)).body;
    expect(body).toEqual({ restaurantId: _id, currency: 'INR', categories: [] });
  });

  it('is 404 unless the restaurant is live, and 400 for what is no id', async () => {
    const { _id } = await createRestaurant({ status: 'suspended' });
    await app.request.get(path(_id)).expect(404);
    await app.request.get(path(newId())).expect(404);
    await app.request.get(path('nonsense')).expect(400);
  });
});
