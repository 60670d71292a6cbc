import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getRestaurantRoute } from '../../../src/modules/restaurants/restaurants.schema.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const path = (restaurantId: string): string => `/api/v1/restaurants/${restaurantId}`;

describe('GET /restaurants/:restaurantId', () => {
  it('answers the page as documented, with fees, hours and the exceptions to come', async () => {
    setClock({ frozenAt: new Date('2026-11-20T08:00:00Z') });
    const row = await createRestaurant({
      exceptions: [
        { date: '2026-11-19', spans: [] },
        { date: '2026-11-20', spans: [{ opens: '18:00', closes: '02:00' }], note: 'Festival' },
      ],
    });
    const body: unknown = (await app.request.get(path(row._id)).expect(200)).body;
    expect(getRestaurantRoute.responses[200]?.parse(body)).toMatchObject({
      id: row._id,
      location: TOWN,
      deliveryFees: [
        { upToMeters: 2_000, fee: { amount: 2_500, currency: 'INR' } },
        { upToMeters: 5_000, fee: { amount: 4_900, currency: 'INR' } },
      ],
      serviceFee: { amount: 0, currency: 'INR' },
      exceptions: [{ date: '2026-11-20', spans: [{ opens: '18:00', closes: '02:00' }], note: 'Festival' }],
      availability: { isOpen: false, reason: 'closed_exception', nextOpenAt: '2026-11-20T12:30:00.000Z' },
    });
  });

  it('tells neither the owner nor what the search stores', async () => {
    const row = await createRestaurant();
    const { text } = await app.request.get(path(row._id)).expect(200);
    expect(text).not.toContain(row.ownerId);
    expect(text).not.toMatch(/ownerId|searchTokens|version|taxRates/);
  });

  it.each(['draft', 'in_review', 'suspended', 'archived'] as const)(
    'is 404 while the restaurant is %s',
    async (status) => {
      const { _id } = await createRestaurant({ status });
      const body: unknown = (await app.request.get(path(_id)).expect(404)).body;
      expect(body).toMatchObject({ error: { code: 'not_found', status: 404 } });
    },
  );

  it('is 404 for an id that nobody has, and 400 for what is no id', async () => {
    await app.request.get(path(newId())).expect(404);
    for (const id of ['nonsense', newId().toUpperCase(), '$ne', `${newId()}0`]) {
      const body: unknown = (await app.request.get(path(id)).expect(400)).body;
      expect(body).toMatchObject({ error: { code: 'validation_failed', details: [{ path: 'params.restaurantId' }] } });
    }
  });
});
