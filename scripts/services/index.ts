import { join } from 'node:path';
import { findMongod } from './find-mongod.ts';
import { findRedis } from './find-redis.ts';
import type { FindContext } from './find-binary.ts';
import { takeLock } from './folder-lock.ts';
import { checkGivenMongo, checkGivenRedis } from './given-servers.ts';
import { withProgress, type Progress } from './progress.ts';
import { REPLICA_SET } from './replica-set.ts';
import { ServicesError } from './services-error.ts';
import { startMongod, type Purpose } from './start-mongod.ts';
import { startRedis } from './start-redis.ts';

export { ServicesError } from './services-error.ts';
export {
  assertOwnDatabase,
  deleteOwnKeys,
  emptyOwnDatabase,
  markDatabase,
  MARKER_COLLECTION,
} from './database-mark.ts';
export type { Purpose } from './start-mongod.ts';
export type { Progress } from './progress.ts';

const PROJECT_ROOT = join(import.meta.dirname, '../..');
/** Never inside node_modules, which `npm ci` empties. */
const CACHE_DIR = join(PROJECT_ROOT, '.cache/services');
const DATA_FOLDER_WAIT_MS = 6000;

export interface ServicesOptions {
  /** Data, logs and remembered ports; made when absent. */
  readonly dataDir: string;
  /** 'demo' keeps its data on disk; 'test' trades durability for speed and allows fail points. */
  readonly purpose: Purpose;
  readonly onProgress?: Progress;
  /** Where MONGODB_URI, REDIS_URL, NODE_ENV and PATH are read; process.env unless a test gives another. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly cacheDir?: string;
  /** How long to wait for a previous run that is still stopping its servers. */
  readonly folderWaitMs?: number;
}

export interface Services {
  readonly mongoUri: string;
  readonly redisUrl: string;
  /** False as soon as one of the servers was given from outside: it may hold the data of others. */
  readonly ownsServers: boolean;
  readonly ownsMongo: boolean;
  readonly ownsRedis: boolean;
  /** Redis, then MongoDB; once, however often it is called. Servers that were given are left running. */
  stop(): Promise<void>;
}

const silent: Progress = () => undefined;

interface Service {
  readonly url: string;
  readonly isOwn: boolean;
  stop(): Promise<void>;
}

/**
 * MongoDB (a replica set of one) and Redis for development and tests: those named in MONGODB_URI and REDIS_URL, else our own,
 * found or installed and started. Our own die with this process.
 * @throws ServicesError with one sentence for the developer.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const env = options.environment ?? process.env;
  if (env['NODE_ENV'] === 'production') {
    throw new ServicesError(
      'NODE_ENV is production, and this command is for development and tests only; unset NODE_ENV, or run npm start.',
    );
  }
  const lock = needsOwnServer(env) ? await lockDataFolder(options) : null;
  const [mongo, redis] = await Promise.allSettled([mongoService(options, env), redisService(options, env)]);
  const stopAll = async () => {
    if (redis.status === 'fulfilled') await redis.value.stop();
    if (mongo.status === 'fulfilled') await mongo.value.stop();
    lock?.release();
  };
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll());
  if (mongo.status === 'rejected' || redis.status === 'rejected') {
    await stop();
    throw mongo.status === 'rejected' ? mongo.reason : (redis as PromiseRejectedResult).reason;
  }
  return {
    mongoUri: mongo.value.url,
    redisUrl: redis.value.url,
    ownsServers: mongo.value.isOwn && redis.value.isOwn,
    ownsMongo: mongo.value.isOwn,
    ownsRedis: redis.value.isOwn,
    stop,
  };
}

function given(env: Readonly<Record<string, string | undefined>>, key: string): string | null {
  const value = env[key];
  return value === undefined || value === '' ? null : value;
}

function needsOwnServer(env: Readonly<Record<string, string | undefined>>): boolean {
  return given(env, 'MONGODB_URI') === null || given(env, 'REDIS_URL') === null;
}

/** Held until stop: two Redis servers would write the same file without noticing each other. */
async function lockDataFolder({
  dataDir,
  folderWaitMs = DATA_FOLDER_WAIT_MS,
  onProgress,
}: ServicesOptions): Promise<{ release(): void }> {
  const lock = await withProgress(onProgress ?? silent, `Another run uses ${dataDir}, waiting for it to stop`, () =>
    takeLock(join(dataDir, 'in-use.lock'), folderWaitMs),
  );
  if (lock !== null) return lock;
  throw new ServicesError(`The data folder ${dataDir} is in use by another QuickBite; stop that one (Ctrl-C) first.`);
}

async function mongoService(options: ServicesOptions, env: FindContext['env']): Promise<Service> {
  const uri = given(env, 'MONGODB_URI');
  if (uri !== null) return { url: await checkGivenMongo(uri), isOwn: false, stop: () => Promise.resolve() };
  const context = findContext(options, env);
  const binary = await findMongod(context);
  const server = await withProgress(context.onProgress, `Starting MongoDB ${binary.major}.${binary.minor}`, () =>
    startMongod(binary, options.dataDir, options.purpose),
  );
  return {
    url: `mongodb://127.0.0.1:${server.port}/quickbite?replicaSet=${REPLICA_SET}`,
    isOwn: true,
    stop: () => server.stop(),
  };
}

async function redisService(options: ServicesOptions, env: FindContext['env']): Promise<Service> {
  const url = given(env, 'REDIS_URL');
  if (url !== null) return { url: await checkGivenRedis(url), isOwn: false, stop: () => Promise.resolve() };
  const context = findContext(options, env);
  const binary = await findRedis(context);
  const server = await withProgress(context.onProgress, `Starting Redis ${binary.major}.${binary.minor}`, () =>
    startRedis(binary, options.dataDir, options.purpose),
  );
  return { url: `redis://127.0.0.1:${server.port}`, isOwn: true, stop: () => server.stop() };
}

function findContext(options: ServicesOptions, env: FindContext['env']): FindContext {
  return { cacheDir: options.cacheDir ?? CACHE_DIR, env, onProgress: options.onProgress ?? silent };
}
