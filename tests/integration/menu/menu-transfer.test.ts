import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { applyImport } from '../../../src/modules/menu/transfer/apply-import.service.ts';
import { exportMenu } from '../../../src/modules/menu/transfer/export-menu.service.ts';
import { getImport, requestImport } from '../../../src/modules/menu/transfer/imports.service.ts';
import { MenuImportModel } from '../../../src/modules/menu/transfer/menu-import.model.ts';
import { toCsv } from '../../../src/modules/menu/transfer/menu-csv.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { menuDocuments, plainMenu } from '../../support/menu-documents.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const owner: Actor = { userId: newId(), roles: ['restaurant'], sessionId: newId() };

async function openIn(currency: string): Promise<string> {
  const taxRates = { food: 500, beverage: 500, alcohol: 0, packaged: 500 };
  return (await createRestaurant({ ownerId: owner.userId, currency, taxRates }))._id;
}

/** Hands the file in and does what the job does. */
async function take(restaurantId: string, format: 'csv' | 'json', body: string) {
  const { _id: importId } = await requestImport({ restaurantId, format, mode: 'replace', body }, owner);
  await applyImport(importId);
  return getImport({ restaurantId, importId }, owner);
}

describe('a menu, imported', () => {
  it.each(['INR', 'JPY'])(
    'in %s, exported, imported elsewhere and exported again is the same menu',
    async (currency) => {
      await fc.assert(
        fc.asyncProperty(menuDocuments(currency), async (document) => {
          const [first, second] = [await openIn(currency), await openIn(currency)];
          expect(await take(first, 'json', JSON.stringify(document))).toMatchObject({ status: 'applied' });
          const exported = await exportMenu(first, owner);
          expect(plainMenu(exported)).toEqual(plainMenu(document));
          // Its ids are another restaurant’s: there it is all new.
          expect(await take(second, 'csv', toCsv(exported))).toMatchObject({ status: 'applied' });
          expect(plainMenu(await exportMenu(second, owner))).toEqual(plainMenu(document));
          // Once more into its own: nothing is doubled, and every id stays.
          expect(await take(first, 'csv', toCsv(exported))).toMatchObject({ status: 'applied' });
          expect(await exportMenu(first, owner)).toEqual(exported);
        }),
        { numRuns: 12 },
      );
    },
  );

  it('in another currency than its restaurant’s is refused whole', async () => {
    const [inr, jpy] = [await openIn('INR'), await openIn('JPY')];
    const [document] = fc.sample(
      menuDocuments('JPY').filter(({ categories }) => (categories[0]?.items.length ?? 0) > 0),
      1,
    );
    const file = JSON.stringify(document);
    expect(await take(jpy, 'json', file)).toMatchObject({ status: 'applied' });
    const { status, report } = await take(inr, 'json', file);
    expect([status, ...new Set(report.map(({ code }) => code))]).toEqual(['refused', 'currency_mismatch']);
    expect(await exportMenu(inr, owner)).toMatchObject({ categories: [] });
  });
});

describe('an import that never ends', () => {
  it('bars the next one for half an hour, and is closed by it then', async () => {
    const restaurantId = await openIn('INR');
    const file = { restaurantId, format: 'json', mode: 'merge', body: '{}' } as const;
    const { _id: importId } = await requestImport(file, owner);
    await expect(requestImport(file, owner)).rejects.toMatchObject({ code: 'import_running' });
    const createdAt = addMs(now(), -31 * 60_000);
    await MenuImportModel.collection.updateOne({ _id: importId as never }, { $set: { createdAt } });
    await requestImport(file, owner);
    const { status, report, finishedAt } = await getImport({ restaurantId, importId }, owner);
    expect([status, report[0]?.code]).toEqual(['refused', 'import_failed']);
    expect(finishedAt).not.toBeNull();
  });

  it('because of a fault of ours is closed by its last attempt', async () => {
    const restaurantId = await openIn('INR');
    const { _id: importId } = await requestImport({ restaurantId, format: 'json', mode: 'merge', body: '{}' }, owner);
    // What no query takes for an id.
    await MenuImportModel.collection.updateOne({ _id: importId as never }, { $set: { requestedBy: { a: 1 } } });
    await expect(applyImport(importId)).rejects.toThrow();
    expect(await getImport({ restaurantId, importId }, owner)).toMatchObject({ status: 'pending' });
    await expect(applyImport(importId, { isLastAttempt: true })).rejects.toThrow();
    const { status, report } = await getImport({ restaurantId, importId }, owner);
    expect([status, report[0]?.code]).toEqual(['refused', 'import_failed']);
  });
});
