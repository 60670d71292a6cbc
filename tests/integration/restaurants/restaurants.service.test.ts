import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import {
  findOwnerId,
  getAvailability,
  getRestaurant,
  listOwnedRestaurantIds,
  prepMinutesAt,
} from '../../../src/modules/restaurants/restaurants.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant, createRestaurants, TOWN } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

describe('one restaurant', () => {
  it('is a plain snapshot with its fee table, whatever its status', async () => {
    const row = await createRestaurant({ status: 'suspended', taxRates: { food: 500, delivery: 1_800 } });
    const restaurant = await getRestaurant(row._id);
    expect(restaurant).toMatchObject({
      id: row._id,
      status: 'suspended',
      location: TOWN,
      feeTable: { bands: row.feeBands, freeDeliveryOverMinor: null },
      taxRates: { food: 500, delivery: 1_800 },
    });
    expect(Object.keys(restaurant)).not.toContain('searchTokens');
  });

  it('that does not exist is not_found', async () => {
    await expect(getRestaurant(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes longer while it is busy', async () => {
    const row = await createRestaurant({ prepMinutes: 20, busyExtraPrepMinutes: 10, busyUntil: addMs(now(), 60_000) });
    const restaurant = await getRestaurant(row._id);
    expect(prepMinutesAt(restaurant, now())).toBe(30);
    expect(prepMinutesAt(restaurant, addMs(now(), 61_000))).toBe(20);
  });

  it('belongs to its owner, and is absent for anybody else', async () => {
    const ownerId = newId();
    const [first, second] = await createRestaurants([{ ownerId }, { ownerId }, {}]);
    expect(await listOwnedRestaurantIds(ownerId)).toEqual([first?._id, second?._id].toSorted());
    expect(await findOwnerId(first?._id ?? '')).toBe(ownerId);
    expect(await findOwnerId(newId())).toBeNull();
  });
});

describe('getAvailability', () => {
  it('answers for a suspended restaurant, and hides one that never was public', async () => {
    const [suspended, draft] = await createRestaurants([{ status: 'suspended' }, { status: 'draft' }]);
    expect(await getAvailability(suspended?._id ?? '', {})).toMatchObject({
      availability: { isOpen: false, reason: 'not_live' },
    });
    await expect(getAvailability(draft?._id ?? '', {})).rejects.toMatchObject({ code: 'not_found' });
  });
});
