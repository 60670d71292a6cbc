import { open } from 'node:fs/promises';
import { mongo } from 'mongoose';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { findMongod } from '../../scripts/services/find-mongod.ts';
import { startGuarded } from '../../scripts/services/guarded-process.ts';
import {
  assertOwnDatabase,
  deleteOwnKeys,
  emptyOwnDatabase,
  markDatabase,
  startServices,
} from '../../scripts/services/index.ts';
import { freePort } from '../../scripts/services/ports.ts';
import { connectOnce } from '../../scripts/services/start-redis.ts';
import { isListening } from '../../scripts/services/tcp-probe.ts';
import { withDatabase } from '../setup/server-urls.ts';
import { bareEnvironment } from '../setup/bare-environment.ts';
import { startOwnServices, temporaryFolder } from './support/own-services.ts';

const { mongoUri, redisUrl, runId } = inject('services');

async function startWith(environment: Record<string, string | undefined>): Promise<void> {
  await startServices({ dataDir: await temporaryFolder(), purpose: 'test', environment });
}

/** A database of this file alone; it is dropped with the servers of the run. */
async function database(name: string): Promise<mongo.Db> {
  const client = await mongo.MongoClient.connect(withDatabase(mongoUri, `quickbite_test_${runId}_${name}`));
  onTestFinished(async () => {
    await client.db().dropDatabase();
    await client.close();
  });
  return client.db();
}

describe('servers named in the environment', () => {
  it('are refused with NODE_ENV=production', async () => {
    const environment = { NODE_ENV: 'production', MONGODB_URI: mongoUri, REDIS_URL: redisUrl };
    await expect(startWith(environment)).rejects.toThrow(/^NODE_ENV is production.*unset NODE_ENV/);
  });

  it('are refused when MongoDB stands alone', async () => {
    const port = await startStandaloneMongod();
    const environment = { MONGODB_URI: `mongodb://127.0.0.1:${port}/quickbite`, REDIS_URL: redisUrl };
    await expect(startWith(environment)).rejects.toThrow(/standalone MongoDB.*--replSet/);
  });

  it('are refused when MongoDB does not answer, without showing the address', async () => {
    const environment = { MONGODB_URI: 'mongodb://user:hidden@127.0.0.1:9/x', REDIS_URL: redisUrl };
    const refusal = await startWith(environment).catch((error: unknown) => error as Error);
    expect(refusal?.message).toMatch(/MONGODB_URI cannot be reached/);
    expect(refusal?.message).not.toContain('hidden');
  });

  it('are refused when Redis does not answer', async () => {
    const environment = { MONGODB_URI: mongoUri, REDIS_URL: 'redis://127.0.0.1:9' };
    await expect(startWith(environment)).rejects.toThrow(/REDIS_URL cannot be reached/);
  });

  it('are refused when Redis would evict jobs', async () => {
    const own = await startOwnServices({
      dataDir: await temporaryFolder(),
      environment: bareEnvironment({ MONGODB_URI: mongoUri }),
    });
    const redis = connectOnce(own.redisUrl);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    redis.disconnect();
    const environment = { MONGODB_URI: mongoUri, REDIS_URL: own.redisUrl };
    await expect(startWith(environment)).rejects.toThrow(/maxmemory-policy allkeys-lru.*noeviction/);
  });

  it('are used as they are when they are fit', async () => {
    const environment = { MONGODB_URI: mongoUri, REDIS_URL: redisUrl };
    const services = await startServices({ dataDir: await temporaryFolder(), purpose: 'test', environment });
    expect(services).toMatchObject({ mongoUri, redisUrl, ownsServers: false });
    await services.stop();
  });
});

describe('the mark in a database', () => {
  it('is set on an empty database, which may then be emptied', async () => {
    const db = await database('empty');
    await markDatabase(db, 'test');
    await markDatabase(db, 'test');
    await db.collection('rows').insertOne({ a: 1 });
    await emptyOwnDatabase(db);
    expect(await db.collection('rows').countDocuments()).toBe(0);
    await expect(assertOwnDatabase(db)).resolves.toBeUndefined();
  });

  it('is refused to a database with data, which is then never emptied', async () => {
    const db = await database('foreign');
    await db.collection('rows').insertOne({ a: 1 });
    await expect(markDatabase(db, 'test')).rejects.toThrow(/holds data that is not QuickBite's/);
    await expect(emptyOwnDatabase(db)).rejects.toThrow(/was not created by QuickBite/);
    expect(await db.collection('rows').countDocuments()).toBe(1);
  });
});

describe('deleteOwnKeys', () => {
  it('deletes the keys with the prefix and leaves all others', async () => {
    const redis = connectOnce(redisUrl);
    onTestFinished(() => {
      redis.disconnect();
    });
    await redis.mset('own*keys:1', '1', 'own*keys:2', '2', '{own*keys}:job', '4', 'ownXkeys:3', '3');
    await deleteOwnKeys(redisUrl, 'own*keys');
    expect(await redis.exists('own*keys:1', 'own*keys:2', '{own*keys}:job')).toBe(0);
    expect(await redis.del('ownXkeys:3')).toBe(1);
  });
});

async function startStandaloneMongod(): Promise<number> {
  const folder = await temporaryFolder();
  const cacheDir = new URL('../../.cache/services', import.meta.url).pathname;
  const { path } = await findMongod({ cacheDir, env: bareEnvironment(), onProgress: () => undefined });
  const port = await freePort();
  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet'];
  const log = await open('/dev/null', 'w');
  const mongod = await startGuarded({ command: path, args, graceSeconds: 0, output: log.fd });
  onTestFinished(async () => {
    await mongod.stop();
    await log.close();
  });
  await expect.poll(() => isListening(port), { timeout: 10_000 }).toBe(true);
  return port;
}
