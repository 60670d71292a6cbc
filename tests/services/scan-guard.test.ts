import { callbackify } from 'node:util';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { guardAgainstScans } from '../setup/scan-guard.ts';
import { withDatabase } from '../setup/server-urls.ts';

const { mongoUri, runId } = inject('services');
const client = new mongo.MongoClient(withDatabase(mongoUri, `quickbite_test_${runId}_scans`));
const db = client.db();
const dishes = db.collection('dishes');

beforeAll(async () => {
  await dishes.insertMany([{ name: 'Dosa' }, { name: 'Idli' }]);
  await dishes.createIndex({ name: 1 }, {}, {});
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

/** From the event loop, with no file of the project in its stack: as a query of the product that comes through Mongoose. */
function findFromElsewhere(filter: mongo.Document): Promise<void> {
  const find = callbackify((asked: mongo.Document) => Promise.resolve(asked).then(dishes.findOne.bind(dishes)));
  return new Promise((resolve, reject) => {
    setImmediate(find, filter, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

describe('the guard against collection scans', () => {
  it('names a query that read a whole collection', async () => {
    const guard = await guardAgainstScans(db);
    await findFromElsewhere({ price: 7 });
    await expect(guard.assertNone()).rejects.toThrow(/_scans\.dishes.*"price":7/);
  });

  it('lets pass what an index serves, and what a test asks itself', async () => {
    const guard = await guardAgainstScans(db);
    await findFromElsewhere({ name: 'Dosa' });
    await dishes.findOne({ price: 7 });
    await guard.assertNone();
  });
});
