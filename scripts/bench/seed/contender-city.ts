/** The sample city as `npm run seed` writes it; or its rows, taken from a city that stands, by the driver alone. */
import '../../../src/models.ts';
import mongoose, { type mongo } from 'mongoose';
import { connectMongo, syncIndexes } from '../../../src/infra/mongo/index.ts';
import { seedCity, seedHistory } from '../../sample-city/index.ts';
import { serve } from '../child.ts';
import type { MeteredSample } from '../interleave.ts';

const BATCH = 1_000;
const rows = new Map<string, mongo.Document[]>();

async function prepare(): Promise<void> {
  await connectMongo();
  await syncIndexes({ replacesChanged: true });
}

/** Into memory, so that the clock of `copy` sees nothing but the writing. */
async function read({ database }: { database: string }): Promise<void> {
  const source = mongoose.connection.getClient().db(database);
  for (const { name } of await source.listCollections().toArray()) {
    const found = await source.collection(name).find().toArray();
    if (found.length > 0) rows.set(name, found);
  }
}

async function write(): Promise<MeteredSample> {
  return metered(async () => {
    await seedCity({ profile: 'demo' });
    await seedHistory({ profile: 'demo' });
  });
}

async function copy(): Promise<MeteredSample> {
  return metered(async () => {
    for (const [name, all] of rows) {
      const collection = mongoose.connection.collection(name);
      for (let at = 0; at < all.length; at += BATCH) {
        await collection.insertMany(all.slice(at, at + BATCH), { ordered: false });
      }
    }
  });
}

async function metered(work: () => Promise<void>): Promise<MeteredSample> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { seconds: milliseconds / 1000, latenciesMs: [milliseconds], cpuMs: (user + system) / 1000 };
}

async function count(): Promise<number> {
  const database = mongoose.connection.getClient().db();
  const names = (await database.listCollections().toArray()).map(({ name }) => name);
  const counts = await Promise.all(names.map((name) => database.collection(name).countDocuments()));
  return counts.reduce((sum, one) => sum + one, 0);
}

async function drop(): Promise<void> {
  await mongoose.connection.dropDatabase();
}

serve({ prepare, read, write, copy, count, drop });
