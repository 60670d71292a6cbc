import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getRestaurantRoute } from '../../../src/modules/restaurants/restaurants.schema.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildDeliveryArea, createRestaurant, TOWN } from '../../factories/restaurant.ts';
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

const inr = (amount: number) => ({ amount, currency: 'INR' });
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
        { upToMeters: 2_000, fromSubtotal: inr(0), fee: inr(2_500) },
        { upToMeters: 5_000, fromSubtotal: inr(0), fee: inr(4_900) },
      ],
      deliveryRadiusMeters: 3_000,
      deliveryAreas: [],
      modes: ['delivery'],
      picture: null,
      serviceFee: { amount: 0, currency: 'INR' },
      exceptions: [{ date: '2026-11-20', spans: [{ opens: '18:00', closes: '02:00' }], note: 'Festival' }],
      availability: { isOpen: false, reason: 'closed_exception', nextOpenAt: '2026-11-20T12:30:00.000Z' },
    });
  });

  it('shows delivery areas in the place of the radius, and the same terms as its card', async () => {
    const picture = {
      imageId: newId(),
      urlTemplate: 'https://res.cloudinary.com/qb/image/upload/quickbite/a/{size}-{format}.{format}',
      ...{ width: 1600, height: 900, blurhash: 'L6PZfSi_.AyE_3t7t7R**0o#DgR4' },
    };
    const near = buildDeliveryArea({ name: 'Near', metersToEdge: 500, minimumOrderMinor: 5_000 });
    const far = buildDeliveryArea({
      ...{ name: 'Far', metersToEdge: 2_000, minimumOrderMinor: 15_000, freeDeliveryOverMinor: 80_000 },
      feeBands: [
        { upToMeters: 9_000, feeMinor: 6_000 },
        { upToMeters: 9_000, fromSubtotalMinor: 40_000, feeMinor: 3_000 },
      ],
    });
    const { _id } = await createRestaurant({
      ...{
        deliveryAreas: [near, far],
        freeDeliveryOverMinor: 100,
        minimumOrderMinor: 100,
        modes: ['delivery', 'collection'],
      },
      ...{ feeBands: [{ upToMeters: 1_000, feeMinor: 1 }], picture },
    });
    const page = getRestaurantRoute.responses[200]?.parse((await app.request.get(path(_id)).expect(200)).body);
    expect(page).toMatchObject({
      ...{ deliveryRadiusMeters: null, deliveryFees: [], modes: ['delivery', 'collection'], picture },
      deliveryAreas: [
        { id: near.id, name: 'Near', polygon: near.polygon, minimumOrder: inr(5_000), freeDeliveryOver: null },
        {
          ...{ id: far.id, minimumOrder: inr(15_000), freeDeliveryOver: inr(80_000) },
          fees: [
            { upToMeters: 9_000, fromSubtotal: inr(0), fee: inr(6_000) },
            { upToMeters: 9_000, fromSubtotal: inr(40_000), fee: inr(3_000) },
          ],
        },
      ],
    });
    const shown = { deliveryFeeFrom: inr(2_500), minimumOrder: inr(5_000), freeDeliveryOver: inr(80_000) };
    expect(page).toMatchObject(shown);
    const cards = async (query: string): Promise<unknown> =>
      (await app.request.get(`/api/v1/restaurants${query}`).expect(200)).body;
    expect(await cards('')).toMatchObject({ data: [{ id: _id, ...shown }] });
    // Where a point is known, the terms are those of its area.
    expect(await cards(`?lat=${TOWN.lat + 1_000 / 111_195}&lng=${TOWN.lng}`)).toMatchObject({
      data: [{ deliveryFeeFrom: inr(6_000), minimumOrder: inr(15_000), freeDeliveryOver: inr(80_000) }],
    });
    expect(await cards(`?lat=${TOWN.lat}&lng=${TOWN.lng}`)).toMatchObject({
      data: [{ deliveryFeeFrom: inr(2_500), minimumOrder: inr(5_000), freeDeliveryOver: null }],
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
