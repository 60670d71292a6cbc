import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createZone } from '../../factories/zone.ts';
import {
  buildDeliveryArea,
  createRestaurant,
  createRestaurants,
  metersNorth,
  TOWN,
} from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { explainQueries } from '../../support/watch-commands.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const north = (meters: number) => ({ lat: TOWN.lat + meters / 111_195, lng: TOWN.lng });

async function check(body: object): Promise<Record<string, unknown>> {
  return (await app.request.post('/api/v1/serviceability').send(body).expect(200)).body as Record<string, unknown>;
}

describe('POST /serviceability', () => {
  it('names the zone and counts the live restaurants that deliver there', async () => {
    const zone = await createZone();
    const area = buildDeliveryArea({ metersToEdge: 500 });
    await createRestaurants([
      { deliveryRadiusMeters: 1_000 },
      { deliveryRadiusMeters: 700 },
      { deliveryRadiusMeters: 50_000, deliveryAreas: [area] },
      { status: 'suspended' },
      { modes: ['collection'] },
    ]);
    expect(await check(north(400))).toEqual({
      isServiceable: true,
      zone: { id: zone._id, name: zone.name },
      restaurantCount: 3,
      hasMore: false,
      restaurant: null,
    });
    expect(await check(north(530))).toMatchObject({ restaurantCount: 2 });
    expect(await check(north(900))).toMatchObject({ restaurantCount: 1 });
  });

  it('says so where nobody delivers', async () => {
    await createRestaurant();
    expect(await check(north(200_000))).toEqual({
      ...{ isServiceable: false, zone: null, restaurantCount: 0, hasMore: false, restaurant: null },
    });
  });

  it('gives the terms of one restaurant: area, minimum, threshold, and the fees of that distance', async () => {
    const area = buildDeliveryArea({
      metersToEdge: 2_000,
      name: 'Old Town',
      minimumOrderMinor: 12_000,
      freeDeliveryOverMinor: 90_000,
      feeBands: [
        { upToMeters: 1_000, feeMinor: 2_000 },
        { upToMeters: 3_000, feeMinor: 5_000 },
        { upToMeters: 3_000, fromSubtotalMinor: 40_000, feeMinor: 2_500 },
      ],
    });
    const { _id } = await createRestaurant({ deliveryAreas: [area] });
    const money = (amount: number) => ({ amount, currency: 'INR' });
    expect(await check({ ...north(1_500), restaurantId: _id })).toMatchObject({
      restaurant: {
        id: _id,
        distanceMeters: 2_025,
        terms: {
          area: { id: area.id, name: 'Old Town' },
          minimumOrder: money(12_000),
          freeDeliveryOver: money(90_000),
          fees: [
            { fromSubtotal: money(0), fee: money(5_000) },
            { fromSubtotal: money(40_000), fee: money(2_500) },
          ],
        },
        availability: { isOpen: true, reason: null },
      },
    });
    expect(await check({ ...north(2_030), restaurantId: _id })).toMatchObject({
      restaurantCount: 0,
      restaurant: { id: _id, terms: null, availability: { isOpen: false, reason: 'out_of_range' } },
    });
  });

  it.each([
    { lat: 91, lng: 0 },
    { lat: 1 },
    { lat: '1', lng: 2 },
    { ...TOWN, restaurantId: 'x' },
    { ...TOWN, more: 1 },
  ])('refuses %j', async (body) => {
    await app.request.post('/api/v1/serviceability').send(body).expect(400);
  });

  it('knows no restaurant that is not live', async () => {
    const { _id } = await createRestaurant({ status: 'draft' });
    await app.request
      .post('/api/v1/serviceability')
      .send({ ...TOWN, restaurantId: _id })
      .expect(404);
    await app.request
      .post('/api/v1/serviceability')
      .send({ ...TOWN, restaurantId: newId() })
      .expect(404);
  });

  it('reads the restaurants of its cells and no others, by the index', async () => {
    await createZone();
    await createRestaurants([
      ...Array.from({ length: 60 }, () => ({ location: metersNorth(300_000) })),
      ...Array.from({ length: 5 }, () => ({})),
    ]);
    expect(await RestaurantModel.countDocuments()).toBe(65);
    const plans = await explainQueries(() => check(north(100)));
    const zones = plans.find(({ command }) => command === 'find zones');
    const restaurants = plans.find(({ command }) => command === 'find restaurants');
    expect(zones?.indexes).toContain('area');
    expect(new Set(restaurants?.indexes)).toEqual(new Set(['listKeys_popularity_id']));
    expect(restaurants?.docsExamined).toBe(5);
    expect(plans.flatMap(({ stages }) => stages)).not.toContain('COLLSCAN');
  });
});
