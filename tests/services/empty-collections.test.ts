import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../src/config/index.ts';
import { emptyAllCollections, emptyCollections } from '../setup/empty-collections.ts';

function rows(): mongoose.mongo.Collection {
  return mongoose.connection.collection('rows');
}

describe('emptyCollections', () => {
  beforeAll(async () => {
    await mongoose.connect(config.mongo.uri, { autoIndex: false });
    await rows().createIndex({ name: 1 }, {}, {});
  });
  beforeEach(emptyAllCollections);
  afterAll(() => mongoose.disconnect());

  it('empties a collection that was written to and keeps its indexes', async () => {
    await rows().insertOne({ name: 'a' });
    await emptyCollections();
    expect(await rows().countDocuments()).toBe(0);
    expect(await rows().indexes()).toHaveLength(2);
  });

  it('sees a write inside a transaction', async () => {
    await mongoose.connection.transaction(async (session) => {
      await rows().insertOne({ name: 'a' }, { session: session });
    });
    await emptyCollections();
    expect(await rows().countDocuments()).toBe(0);
  });

  it('refuses a database that lost its mark', async () => {
    const marks = mongoose.connection.collection('quickbite_marker');
    const mark = await marks.findOne({});
    await marks.deleteMany({});
    await rows().insertOne({ name: 'not ours' });
    try {
      await expect(emptyCollections()).rejects.toThrow(/was not created by QuickBite/);
      await expect(emptyAllCollections()).rejects.toThrow(/was not created by QuickBite/);
      expect(await rows().countDocuments()).toBe(1);
    } finally {
      await marks.insertOne(mark ?? {});
    }
  });
});
