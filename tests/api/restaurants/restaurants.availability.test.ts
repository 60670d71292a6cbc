import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getAvailabilityRoute } from '../../../src/modules/restaurants/restaurants.schema.ts';
import { KitchenSlotModel } from '../../../src/modules/restaurants/kitchen-slot.model.ts';
import { openKitchenSlot } from '../../../src/modules/restaurants/kitchen-slots.service.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { toRestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
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

const everyDay = (opens: string, closes: string) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes }));

async function availability(restaurantId: string, query = ''): Promise<unknown> {
  const body: unknown = (await app.request.get(`/api/v1/restaurants/${restaurantId}/availability${query}`).expect(200))
    .body;
  return getAvailabilityRoute.responses[200]?.parse(body);
}

describe('GET /restaurants/:restaurantId/availability', () => {
  it('says when it opens again, in the time zone of the restaurant, over the change to summer time', async () => {
    setClock({ frozenAt: new Date('2026-03-28T23:00:00.000Z') });
    const { _id } = await createRestaurant({ timeZone: 'Europe/Paris', hours: everyDay('11:00', '22:00') });
    expect(await availability(_id)).toEqual({
      isOpen: false,
      reason: 'closed_hours',
      isBusy: false,
      nextOpenAt: '2026-03-29T09:00:00.000Z',
      openUntil: null,
      timeZone: 'Europe/Paris',
      at: null,
    });
  });

  it('says until when it is open', async () => {
    setClock({ frozenAt: new Date('2026-11-20T20:00:00.000Z') });
    const { _id } = await createRestaurant({ hours: everyDay('20:00', '05:00') });
    expect(await availability(_id)).toMatchObject({
      isOpen: true,
      reason: null,
      openUntil: '2026-11-20T23:30:00.000Z',
    });
  });

  it('says why not, at the second at which a pause ends', async () => {
    const pausedUntil = new Date('2026-11-20T08:20:00.000Z');
    const { _id } = await createRestaurant({ pausedUntil });
    setClock({ frozenAt: new Date('2026-11-20T08:19:59.999Z') });
    expect(await availability(_id)).toMatchObject({ reason: 'paused', nextOpenAt: '2026-11-20T08:20:00.000Z' });
    setClock({ frozenAt: pausedUntil });
    expect(await availability(_id)).toMatchObject({ isOpen: true, reason: null });
  });

  it('takes an address into account', async () => {
    const { _id } = await createRestaurant({ deliveryRadiusMeters: 1_000 });
    const at = (meters: number): string => `?lat=${TOWN.lat + meters / 111_195}&lng=${TOWN.lng}`;
    expect(await availability(_id, at(990))).toMatchObject({ isOpen: true });
    expect(await availability(_id, at(1_010))).toMatchObject({
      isOpen: false,
      reason: 'out_of_range',
      nextOpenAt: null,
    });
  });

  it('answers not_live for a suspended restaurant and 404 for a draft', async () => {
    const suspended = await createRestaurant({ status: 'suspended' });
    const draft = await createRestaurant({ status: 'draft' });
    expect(await availability(suspended._id)).toMatchObject({ isOpen: false, reason: 'not_live' });
    await app.request.get(`/api/v1/restaurants/${draft._id}/availability`).expect(404);
    await app.request.get(`/api/v1/restaurants/${newId()}/availability`).expect(404);
  });

  it('answers for another time and a mode', async () => {
    setClock({ frozenAt: new Date('2026-11-20T08:00:00.000Z') });
    const { _id } = await createRestaurant({ hours: everyDay('20:00', '23:00'), modes: ['delivery'] });
    expect(await availability(_id, '?at=2026-11-20T15:00:00Z&mode=delivery')).toMatchObject({
      isOpen: true,
      at: '2026-11-20T15:00:00.000Z',
      openUntil: '2026-11-20T17:30:00.000Z',
    });
    expect(await availability(_id, '?mode=collection')).toMatchObject({
      isOpen: false,
      reason: 'mode_unavailable',
      nextOpenAt: null,
    });
  });

  it('says that the kitchen has its hands full, and when it will not', async () => {
    setClock({ frozenAt: new Date('2026-11-20T08:05:00.000Z') });
    const { _id } = await createRestaurant({ capacity: { slotMinutes: 30, maxOrders: 1 } });
    await openKitchenSlot(toRestaurantSnapshot(await getRow(_id)), new Date('2026-11-20T08:05:00.000Z'));
    await KitchenSlotModel.updateOne({ restaurantId: _id }, { taken: 1 });
    const full = { isOpen: false, reason: 'capacity_full', nextOpenAt: '2026-11-20T08:30:00.000Z' };
    expect(await availability(_id)).toMatchObject(full);
    const page: unknown = (await app.request.get(`/api/v1/restaurants/${_id}`).expect(200)).body;
    expect(page).toMatchObject({ availability: full });
  });

  it.each(['?lat=1', '?at=now', '?at=2026-11-20T15:00:00', '?at=2001-01-01T00:00:00Z', '?at=2101-01-01T00:00:00Z'])(
    'refuses %s',
    async (query) => {
      const { _id } = await createRestaurant();
      const body: unknown = (await app.request.get(`/api/v1/restaurants/${_id}/availability${query}`).expect(400)).body;
      expect(body).toMatchObject({ error: { code: 'validation_failed' } });
    },
  );

  it('has a strong tag that lasts as long as the answer, and ends with an edit and with the clock', async () => {
    setClock({ frozenAt: new Date('2026-11-20T08:00:00.000Z') });
    const { _id } = await createRestaurant({ hours: everyDay('20:00', '23:00') });
    const ask = (tag = '') =>
      app.request.get(`/api/v1/restaurants/${_id}/availability`).set(tag === '' ? {} : { 'if-none-match': tag });
    const { etag = '' } = (await ask().expect(200)).headers as { etag?: string };
    expect(etag).toMatch(/^"/);
    // Made anew, minutes later, it is the same.
    setClock({ frozenAt: new Date('2026-11-20T08:10:00.000Z') });
    await ask(etag).expect(304);
    // Half past eight at the restaurant.
    setClock({ frozenAt: new Date('2026-11-20T15:00:00.000Z') });
    expect((await ask(etag).expect(200)).body).toMatchObject({ isOpen: true });
  });

  it('refuses an unknown key', async () => {
    const { _id } = await createRestaurant();
    await app.request.get(`/api/v1/restaurants/${_id}/availability?now=true`).expect(400);
  });
});

async function getRow(_id: string): Promise<RestaurantRow> {
  const row = await RestaurantModel.findById(_id).lean<RestaurantRow>();
  if (row === null) throw new Error('no restaurant');
  return row;
}
