import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type { TestProject } from 'vitest/node';
import {
  assertOwnDatabase,
  deleteOwnKeys,
  ServicesError,
  startServices,
  type Services,
} from '../../scripts/services/index.ts';
import type { Group } from './groups.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    services: RunServices;
    group: Group;
  }
}

interface RunServices {
  mongoUri: string;
  redisUrl: string;
  ownsRedis: boolean;
  runId: string;
}

interface Run {
  services: RunServices;
  end: () => Promise<void>;
}

const CACHE_DIR = join(import.meta.dirname, '../../.cache');
const FOLDER_PREFIX = 'test-';

/** Every group of files sets up with a copy of this module; what they share lies beside it. */
const shared = globalThis as { quickbiteTestRun?: Promise<Run> };

/** One replica set and one Redis for the whole run; each worker takes its own database and key prefix (worker-setup.ts). */
export async function setup(project: TestProject): Promise<void> {
  shared.quickbiteTestRun ??= startRun();
  project.provide('services', (await shared.quickbiteTestRun).services);
}

export async function teardown(): Promise<void> {
  const run = shared.quickbiteTestRun;
  delete shared.quickbiteTestRun;
  await (await run)?.end();
}

async function startRun(): Promise<Run> {
  const dataDir = await makeDataFolder();
  const services = await startServices({ dataDir, purpose: 'test', onProgress: print }).catch(refuse);
  const runId = randomBytes(4).toString('hex');
  const { mongoUri, redisUrl, ownsRedis } = services;
  return {
    services: { mongoUri, redisUrl, ownsRedis, runId },
    async end() {
      await cleanGivenServers(services, runId);
      await services.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function print(line: string): void {
  console.log(line);
}

/** The sentence alone: Vitest would bury it under a stack. */
function refuse(error: unknown): never {
  if (!(error instanceof ServicesError)) throw error;
  console.error(error.message);
  process.exit(1);
}

/** The folder carries the process id, so that the folders of runs that were killed can be told and removed. */
async function makeDataFolder(): Promise<string> {
  await mkdir(CACHE_DIR, { recursive: true });
  for (const name of await readdir(CACHE_DIR)) {
    const pid = Number(/^test-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) await rm(join(CACHE_DIR, name), { recursive: true, force: true });
  }
  return mkdtemp(join(CACHE_DIR, `${FOLDER_PREFIX}${process.pid}-`));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** On somebody else's servers, what this run made is removed, and nothing else. */
async function cleanGivenServers(services: Services, runId: string): Promise<void> {
  if (!services.ownsRedis) await deleteOwnKeys(services.redisUrl, `quickbite-test-${runId}`);
  if (services.ownsMongo) return;
  const client = await mongo.MongoClient.connect(services.mongoUri);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases.filter((database) => database.name.startsWith(`quickbite_test_${runId}_`))) {
      await assertOwnDatabase(client.db(name));
      await client.db(name).dropDatabase();
    }
  } finally {
    await client.close();
  }
}
