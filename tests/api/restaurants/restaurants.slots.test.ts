import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setClock } from '../../../src/shared/clock.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
/** Friday, 13:30 in the restaurant's zone. */
beforeEach(() => {
  setClock({ frozenAt: new Date('2026-11-20T08:00:00.000Z') });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const daily = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '13:00', closes: '15:00' }));

interface Day {
  date: string;
  reason: string | null;
  slots: { from: string; isAvailable: boolean; reason: string | null }[];
}

async function daysOf(restaurantId: string, query = ''): Promise<Day[]> {
  const body: unknown = (await app.request.get(`/api/v1/restaurants/${restaurantId}/slots${query}`).expect(200)).body;
  return (body as { days: Day[] }).days;
}

describe('GET /restaurants/:restaurantId/slots', () => {
  it('gives the slots of today that are left, with what is too soon', async () => {
    const { _id } = await createRestaurant({ hours: daily });
    const [today] = await daysOf(_id);
    expect(today).toMatchObject({ date: '2026-11-20', reason: null });
    expect(today?.slots.map(({ from, reason }) => [from.slice(11, 16), reason])).toEqual([
      ['08:00', 'too_soon'],
      ['08:30', null],
      ['09:00', null],
      ['09:30', null],
    ]);
  });

  it('gives several dates, a closed one with its reason', async () => {
    const { _id } = await createRestaurant({ hours: daily, exceptions: [{ date: '2026-11-21', spans: [] }] });
    const days = await daysOf(_id, '?days=3');
    expect(days.map(({ date, reason }) => [date, reason])).toEqual([
      ['2026-11-20', null],
      ['2026-11-21', 'closed_exception'],
      ['2026-11-22', null],
    ]);
    expect(await daysOf(_id, '?date=2026-11-22&mode=delivery')).toEqual([days[2]]);
  });

  it.each(['?days=8', '?days=0', '?date=2026-11-19', '?date=2027-11-20', '?date=tomorrow', '?date=2026-11-20&days=2'])(
    'refuses %s',
    async (query) => {
      const { _id } = await createRestaurant();
      const body: unknown = (await app.request.get(`/api/v1/restaurants/${_id}/slots${query}`).expect(400)).body;
      expect(body).toMatchObject({ error: { code: 'validation_failed' } });
    },
  );

  it('has a strong tag, and is another list when the next slot is too soon', async () => {
    const { _id } = await createRestaurant({ hours: daily });
    const ask = (tag: string) => app.request.get(`/api/v1/restaurants/${_id}/slots`).set({ 'if-none-match': tag });
    const { etag = '' } = (await ask('"none"').expect(200)).headers as { etag?: string };
    expect(etag).toMatch(/^"/);
    // Twenty minutes before half past eight, the kitchen can still begin.
    setClock({ frozenAt: new Date('2026-11-20T08:10:00.000Z') });
    await ask(etag).expect(304);
    setClock({ frozenAt: new Date('2026-11-20T08:10:00.001Z') });
    await ask(etag).expect(200);
  });

  it('hides a draft', async () => {
    const { _id } = await createRestaurant({ status: 'draft' });
    await app.request.get(`/api/v1/restaurants/${_id}/slots`).expect(404);
  });
});
