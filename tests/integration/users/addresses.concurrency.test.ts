import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import {
  addAddress,
  deleteAddress,
  getAddress,
  listAddresses,
  updateAddress,
} from '../../../src/modules/users/addresses.service.ts';
import { updateProfile } from '../../../src/modules/users/users.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildAddress, createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const HOME = { label: 'Home', line1: '12 Lighthouse Road', city: 'Saffron Bay', location: { lat: 12.9, lng: 74.8 } };

describe('the address book', () => {
  it('holds twenty when thirty are added at once', async () => {
    const { _id: userId } = await createUser();
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => addAddress({ ...HOME, label: `Place ${n}` }, userId)),
    );
    const refused = results.filter(
      (result) => result.status === 'rejected' && isAppError(result.reason, 'address_book_full'),
    );
    expect(refused).toHaveLength(10);
    expect(await listAddresses(userId)).toHaveLength(20);
  });

  it('loses nothing when adding, changing, removing and renaming meet', async () => {
    const [kept, removed] = [buildAddress({ label: 'Kept' }), buildAddress({ label: 'Removed' })];
    const { _id: userId } = await createUser({ addresses: [kept, removed] });
    await Promise.all([
      addAddress({ ...HOME, label: 'Added' }, userId),
      updateAddress({ label: 'Changed' }, kept._id, userId),
      updateAddress({ city: 'Port Clement' }, kept._id, userId),
      deleteAddress(removed._id, userId),
      updateProfile({ name: 'Asha R. Rao' }, userId),
    ]);
    const addresses = await listAddresses(userId);
    expect(addresses.map(({ label }) => label).sort()).toEqual(['Added', 'Changed']);
    expect(addresses.find(({ id }) => id === kept._id)).toMatchObject({ label: 'Changed', city: 'Port Clement' });
  });
});

describe('getAddress', () => {
  it('finds the right one of several, and only for its owner', async () => {
    const [home, work] = [buildAddress(), buildAddress({ label: 'Work', instructions: 'Ring twice' })];
    const { _id: userId } = await createUser({ addresses: [home, work] });
    expect(await getAddress(userId, work._id)).toEqual({
      id: work._id,
      label: 'Work',
      line1: '12 Lighthouse Road',
      city: 'Saffron Bay',
      location: { lat: 12.9352, lng: 74.8211 },
      instructions: 'Ring twice',
    });
    await expect(getAddress(newId(), work._id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(getAddress(userId, newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});
