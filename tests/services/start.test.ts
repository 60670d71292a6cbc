import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectOnce } from '../../scripts/services/start-redis.ts';
import { isRunning, mongodPid, redisPid } from './support/pids.ts';
import { startOwnServices, temporaryFolder } from './support/own-services.ts';

async function connect(uri: string): Promise<mongo.Db> {
  const client = await mongo.MongoClient.connect(uri);
  onTestFinished(() => client.close());
  return client.db();
}

function portOf(uri: string): number {
  return Number(/:(\d+)/.exec(uri)?.[1]);
}

// Several starts in each test: generous, for a machine that is busy with others.
describe('startServices', { timeout: 60_000 }, () => {
  it('gives a replica set with transactions and a Redis that never evicts', async () => {
    const services = await startOwnServices({ dataDir: await temporaryFolder() });
    const db = await connect(services.mongoUri);
    await db.client.withSession((session) =>
      session.withTransaction(() => db.collection('rows').insertOne({ a: 1 }, { session })),
    );
    expect(await db.collection('rows').countDocuments()).toBe(1);
    const redis = connectOnce(services.redisUrl);
    onTestFinished(() => {
      redis.disconnect();
    });
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(services.ownsServers).toBe(true);
  });

  it('finds the data of the last run again, on the same port', async () => {
    const dataDir = await temporaryFolder();
    const first = await startOwnServices({ dataDir, purpose: 'demo' });
    await (await connect(first.mongoUri)).collection('rows').insertOne({ name: 'kept' });
    const redis = connectOnce(first.redisUrl);
    await redis.set('name', 'kept');
    redis.disconnect();
    await first.stop();

    const second = await startOwnServices({ dataDir, purpose: 'demo' });
    expect(second.mongoUri).toBe(first.mongoUri);
    expect(second.redisUrl).toBe(first.redisUrl);
    expect(await (await connect(second.mongoUri)).collection('rows').countDocuments({ name: 'kept' })).toBe(1);
    const again = connectOnce(second.redisUrl);
    expect(await again.get('name')).toBe('kept');
    again.disconnect();
  });

  it('takes another port with its data when the old one is taken by somebody else', async () => {
    const stranger = await startOwnServices({ dataDir: await temporaryFolder() });
    await (await connect(stranger.mongoUri)).collection('rows').insertOne({ name: 'of the stranger' });
    const dataDir = await temporaryFolder();
    const first = await startOwnServices({ dataDir });
    await (await connect(first.mongoUri)).collection('rows').insertOne({ name: 'ours' });
    await first.stop();
    for (const [folder, url] of [
      ['mongo', stranger.mongoUri],
      ['redis', stranger.redisUrl],
    ] as const) {
      await rememberEverywhere(dataDir, folder, portOf(url));
    }

    const second = await startOwnServices({ dataDir });
    expect(second.mongoUri).not.toBe(stranger.mongoUri);
    expect(second.redisUrl).not.toBe(stranger.redisUrl);
    const rows = await (await connect(second.mongoUri)).collection('rows').find().toArray();
    expect(rows.map((row): unknown => row['name'])).toEqual(['ours']);
  });

  it('starts Redis alone when only MongoDB is given, and leaves the given one running', async () => {
    const given = await startOwnServices({ dataDir: await temporaryFolder() });
    const environment = { MONGODB_URI: given.mongoUri };
    const services = await startOwnServices({ dataDir: await temporaryFolder(), environment });
    expect(services.mongoUri).toBe(given.mongoUri);
    expect(services.redisUrl).not.toBe(given.redisUrl);
    expect(services).toMatchObject({ ownsServers: false, ownsMongo: false, ownsRedis: true });
    const [mongod, redis] = await Promise.all([mongodPid(services.mongoUri), redisPid(services.redisUrl)]);
    await services.stop();
    expect(isRunning(redis)).toBe(false);
    expect(isRunning(mongod)).toBe(true);
  });

  it('refuses a data folder that another run uses, and takes it once that run has stopped', async () => {
    const dataDir = await temporaryFolder();
    const first = await startOwnServices({ dataDir });
    const early = startOwnServices({ dataDir, folderWaitMs: 100 });
    await expect(early).rejects.toThrow(/in use by another QuickBite/);
    const patient = startOwnServices({ dataDir });
    await first.stop();
    expect((await patient).ownsServers).toBe(true);
  });
});

/** The folder carries the major version of whatever mongod this machine has. */
async function rememberEverywhere(dataDir: string, server: 'mongo' | 'redis', port: number): Promise<void> {
  const folders = server === 'redis' ? ['redis'] : [6, 7, 8, 9].map((major) => `mongo-${major}`);
  for (const folder of folders) {
    await mkdir(join(dataDir, folder), { recursive: true });
    await writeFile(join(dataDir, folder, 'port'), String(port));
  }
}
