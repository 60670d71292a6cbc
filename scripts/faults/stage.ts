import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { startChild } from '../bench/child.ts';
import type { Job } from '../bench/place-order/jobs.ts';
import { clearFaults } from '../local-cloud/control-client.ts';
import { startLocalCloud, type LocalCloud } from '../local-cloud/index.ts';
import { markDatabase, startServices } from '../services/index.ts';
import { freePort } from '../services/ports.ts';
import { AppProcess } from './app-process.ts';
import { startOwnRedis, type OwnRedis } from './own-redis.ts';
import { startProxy, type Proxy } from './tcp-proxy.ts';

const ROOT = join(import.meta.dirname, '../..');

export type Environment = Record<string, string | undefined>;

export interface Api extends AppProcess {
  readonly url: string;
  /** Between clients and this API. */
  readonly front: Proxy;
  /** The address behind which `front` stands. */
  readonly frontUrl: string;
}

export interface Worker extends AppProcess {
  /** Between it and the payment provider. */
  readonly provider: Proxy;
  /** Between it and Redis. */
  readonly redis: Proxy;
}

/** Two APIs, two workers, MongoDB, Redis and the vendors, all of this run alone, and the proxies between them. */
export interface Stage {
  apis: readonly [Api, Api];
  workers: readonly [Worker, Worker];
  redis: OwnRedis;
  cloud: LocalCloud;
  client: mongo.MongoClient;
  db: mongo.Db;
  uri: string;
  /** Customers with a cart and a quote. */
  prepare(count: number): Promise<Job[]>;
  /** Everything honest and at work again. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

type Stops = (() => Promise<unknown>)[];

export async function setStage(settings: Environment, say: (line: string) => void): Promise<Stage> {
  const stops: Stops = [];
  let isEnding = false;
  const stop = async () => {
    isEnding = true;
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
  try {
    const stage = await raise(stops, settings, say);
    // Whoever still orders while the stage is cleared gets no more customers.
    const prepare: Stage['prepare'] = (count) => (isEnding ? new Promise(() => undefined) : stage.prepare(count));
    return { ...stage, prepare, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function raise(stops: Stops, settings: Environment, say: (line: string) => void): Promise<Omit<Stage, 'stop'>> {
  const servers = await startServers(stops, say);
  const { cloud, redis, uri } = servers;
  const env = environmentOf(servers, settings);
  const city = startChild(join(import.meta.dirname, 'contender-city.ts'), env);
  stops.push(() => city.stop());
  await city.call('open');
  say('The city is open; starting two APIs and two workers');
  const apis = [await makeApi(stops, env, 'api 1'), await makeApi(stops, env, 'api 2')] as const;
  const workers = [
    await makeWorker(stops, { env, redis, cloud }, 'worker 1'),
    await makeWorker(stops, { env, redis, cloud }, 'worker 2'),
  ] as const;
  const door = await startProxy(() => apis.map(({ url }) => portOf(url)));
  stops.push(() => door.stop());
  cloud.setWebhookUrl(`http://127.0.0.1:${door.port}/api/v1/webhooks/payments/stripe`);
  await Promise.all([...apis, ...workers].map((app) => app.start()));
  return {
    ...{ apis, workers, redis, cloud, client: servers.client, db: servers.client.db(), uri },
    prepare: (count) => city.call<Job[]>('prepare', { count }),
    restore: async () => {
      await clearFaults(cloud.stripeUrl);
      for (const { front } of apis) front.watch(null);
      for (const { provider, redis: line } of workers) for (const proxy of [provider, line]) proxy.watch(null);
      await Promise.all([...apis, ...workers].map((app) => app.ready()));
    },
  };
}

interface Servers {
  dataDir: string;
  uri: string;
  client: mongo.MongoClient;
  redis: OwnRedis;
  cloud: LocalCloud;
}

/** Never the servers of the environment: these are killed, frozen and emptied. */
async function startServers(stops: Stops, say: (line: string) => void): Promise<Servers> {
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const dataDir = await mkdtemp(join(ROOT, '.cache/faults-'));
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await startOwnRedis(dataDir, say);
  stops.push(() => redis.stop());
  const environment = { PATH: process.env['PATH'], REDIS_URL: redis.url };
  const services = await startServices({ dataDir, purpose: 'demo', onProgress: say, environment });
  stops.push(() => services.stop());
  const client = await mongo.MongoClient.connect(services.mongoUri);
  stops.push(() => client.close());
  await markDatabase(client.db(), 'test');
  const cloud = await startLocalCloud({ dataDir: join(dataDir, 'cloud') });
  stops.push(() => cloud.stop());
  return { dataDir, uri: services.mongoUri, client, redis, cloud };
}

/** As production, but for request limits, which would be about the load and not about the fault, and for the long lives of a long run. */
function environmentOf({ dataDir, uri, redis, cloud }: Servers, settings: Environment): Environment {
  return {
    ...process.env,
    NODE_ENV: 'development',
    MONGODB_URI: uri,
    REDIS_URL: redis.url,
    // What is killed without end must at least start fast.
    NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
    ...cloud.env,
    ...{ RATE_LIMITS: 'false', LOG_LEVEL: 'warn', DOCS: 'false' },
    ...{ ACCESS_TTL_SECONDS: '43200', QUOTE_TTL_SECONDS: '43200' },
    ...settings,
  };
}

async function makeApi(stops: Stops, env: Environment, name: string): Promise<Api> {
  const [port, privatePort] = [await freePort(), await freePort()];
  const own = { ...env, PORT: String(port), PRIVATE_PORT: String(privatePort) };
  const api = new AppProcess({ name, program: 'server', env: own, privatePort });
  stops.push(() => api.stop());
  const front = await startProxy(() => [port]);
  stops.push(() => front.stop());
  return Object.assign(api, { url: `http://127.0.0.1:${port}`, front, frontUrl: `http://127.0.0.1:${front.port}` });
}

async function makeWorker(
  stops: Stops,
  { env, redis, cloud }: { env: Environment; redis: OwnRedis; cloud: LocalCloud },
  name: string,
): Promise<Worker> {
  const privatePort = await freePort();
  const provider = await startProxy(() => [portOf(cloud.stripeUrl)]);
  stops.push(() => provider.stop());
  const line = await startProxy(() => [portOf(redis.url)]);
  stops.push(() => line.stop());
  const own = {
    ...env,
    WORKER_PRIVATE_PORT: String(privatePort),
    STRIPE_API_BASE_URL: `http://127.0.0.1:${provider.port}`,
    REDIS_URL: `redis://127.0.0.1:${line.port}`,
  };
  const worker = new AppProcess({ name, program: 'worker', env: own, privatePort });
  stops.push(() => worker.stop());
  return Object.assign(worker, { provider, redis: line });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
