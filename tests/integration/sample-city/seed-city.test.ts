import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_POINT, seedCity, type SeedProgress } from '../../../scripts/sample-city/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { listRestaurants } from '../../../src/modules/restaurants/listing/listing.service.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { ZoneModel } from '../../../src/modules/restaurants/zone.model.ts';
import { findZoneAt } from '../../../src/modules/restaurants/zones.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { ASK } from '../../support/listing.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const count = (): Promise<number[]> =>
  Promise.all([UserModel.countDocuments(), RestaurantModel.countDocuments(), MenuItemModel.countDocuments()]);

describe('seedCity', () => {
  it('writes the city once, however often it is called', async () => {
    const first = await seedCity({ profile: 'tiny' });
    const counts = await count();
    expect(first.isNew).toBe(true);
    expect(await seedCity({ profile: 'tiny' })).toEqual({ isNew: false, written: 0 });
    expect(await count()).toEqual(counts);
    expect(counts.slice(0, 2)).toEqual([40, 8]);
  });

  it('writes only what an interrupted run left out', async () => {
    const { written } = await seedCity({ profile: 'tiny' });
    await mongoose.connection.collection('sample_city').deleteMany({});
    await MenuItemModel.deleteMany({ rank: 3 });
    const again = await seedCity({ profile: 'tiny' });
    expect(again).toEqual({ isNew: true, written: 8 });
    expect(written).toBeGreaterThan(again.written);
  });

  it('grows from tiny to demo, tells its progress, and never back', async () => {
    await seedCity({ profile: 'tiny' });
    const progress: SeedProgress[] = [];
    await seedCity({ profile: 'demo', onProgress: (step) => progress.push(step) });
    const counts = await count();
    expect(counts.slice(0, 2)).toEqual([2_000 + 180 + 117 + 2 + 60 + 12 + 15, 120 + 15]);
    const last = progress.findLast(({ collection }) => collection === 'menu_items');
    expect(last).toEqual({ collection: 'menu_items', done: counts[2], total: counts[2] });
    expect(await seedCity({ profile: 'tiny' })).toEqual({ isNew: false, written: 0 });
  });

  it('makes the rows of an older city anew, and leaves to the others what was changed in them', async () => {
    await seedCity({ profile: 'tiny' });
    const [edited, plain] = await RestaurantModel.find().sort({ _id: 1 }).limit(2).lean();
    const older = { $unset: { modes: '', capacity: '' }, $set: { listKeys: [], name: 'Changed', popularity: 7 } };
    await RestaurantModel.collection.updateOne({ _id: plain?._id as never }, older);
    await RestaurantModel.collection.updateOne({ _id: edited?._id as never }, { ...older, $inc: { version: 1 } });
    await mongoose.connection.collection('sample_city').updateMany({}, { $set: { version: 3 } });
    expect((await seedCity({ profile: 'tiny' })).isNew).toBe(true);
    const after = await RestaurantModel.find().sort({ _id: 1 }).limit(2).lean();
    expect(after[0]).toMatchObject({ name: 'Changed', modes: edited?.modes, capacity: null, popularity: 7 });
    expect(after[1]).toMatchObject({ name: plain?.name, modes: plain?.modes, popularity: 7 });
    for (const { listKeys } of after) expect(listKeys.length).toBeGreaterThan(0);
    expect(await seedCity({ profile: 'tiny' })).toEqual({ isNew: false, written: 0 });
  });

  it('has a zone around the demo address, in every profile and once', async () => {
    await seedCity({ profile: 'tiny' });
    expect(await findZoneAt(DEMO_POINT)).toMatchObject({ name: 'Harbour Quarter' });
    expect(await findZoneAt({ lat: 15.2, lng: 72.9 })).toBeNull();
    await seedCity({ profile: 'demo' });
    expect(await ZoneModel.countDocuments()).toBe(5 + 3);
  });

  it('is found by the list near the demo address', async () => {
    await seedCity({ profile: 'tiny' });
    const ask = { ...ASK, radiusMeters: 3_000, q: 'saff', openNow: true };
    const { data } = await listRestaurants({ ...ask, point: DEMO_POINT });
    expect(data.map(({ row }) => row.name)).toEqual(['The Saffron Table']);
  });
});
