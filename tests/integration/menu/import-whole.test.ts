import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { applyImport } from '../../../src/modules/menu/transfer/apply-import.service.ts';
import { exportMenu } from '../../../src/modules/menu/transfer/export-menu.service.ts';
import { getImport, requestImport } from '../../../src/modules/menu/transfer/imports.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { menuDocuments, plainMenu } from '../../support/menu-documents.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const owner: Actor = { userId: newId(), roles: ['restaurant'], sessionId: newId() };

describe('an import that breaks off half way', () => {
  it('has changed nothing, is still to be done, and is done whole by the next attempt', async () => {
    const taxRates = { food: 500, beverage: 500, alcohol: 0, packaged: 500 };
    const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, taxRates });
    const [document] = fc.sample(
      menuDocuments('INR').filter(({ categories }) => (categories[0]?.items.length ?? 0) > 0),
      1,
    );
    if (document === undefined) throw new Error('no menu');
    const file = { restaurantId, format: 'json', mode: 'replace', body: JSON.stringify(document) } as const;
    const { _id: importId } = await requestImport(file, owner);
    const before = await exportMenu(restaurantId, owner);
    // The categories are written by then.
    vi.spyOn(MenuItemModel.collection, 'bulkWrite').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(applyImport(importId)).rejects.toThrow('the disk is full');
    expect(await exportMenu(restaurantId, owner)).toEqual(before);
    expect(await getImport({ restaurantId, importId }, owner)).toMatchObject({ status: 'pending' });
    await applyImport(importId);
    expect(await getImport({ restaurantId, importId }, owner)).toMatchObject({ status: 'applied' });
    expect(plainMenu(await exportMenu(restaurantId, owner))).toEqual(plainMenu(document));
  });
});
