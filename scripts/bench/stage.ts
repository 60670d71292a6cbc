import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { startChild, type Child } from './child.ts';
import { startProcess, stopProcess, waitForHttp, type Child as Api } from '../processes.ts';
import { markDatabase, startServices } from '../services/index.ts';
import { startInstantProvider } from './instant-provider.ts';

const ROOT = join(import.meta.dirname, '../..');
const STOP_DEADLINE_MS = 15_000;

export type Environment = Record<string, string | undefined>;

/** Everything that takes part, on servers and in a folder of its own. */
export interface Stage {
  /** For files of this run; removed by `stop`. */
  dataDir: string;
  uri: string;
  env: Environment;
  client: mongo.MongoClient;
  /** Starts `contender-<name>.ts` of the bench's folder. */
  startContender(name: string, extra?: Environment): Child;
  startApi(nodeArgs?: readonly string[], extra?: Environment): Promise<RunningApi>;
  stop(): Promise<void>;
}

export interface RunningApi {
  url: string;
  /** Processor time of the process since its start. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Sets the stage, plays, and clears it. `folder` is the bench's, where its contenders are. */
export async function onStage<T>(
  folder: string,
  say: (line: string) => void,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = await setStage(folder, say);
  try {
    return await play(stage);
  } finally {
    await stage.stop();
  }
}

async function setStage(folder: string, say: (line: string) => void): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
  try {
    return { ...(await raise(stops, folder, say)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function raise(
  stops: (() => Promise<unknown>)[],
  folder: string,
  say: (line: string) => void,
): Promise<Omit<Stage, 'stop'>> {
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const dataDir = await mkdtemp(join(ROOT, '.cache/bench-'));
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  // Never the servers of the environment: their load, their durability and their data are not ours. 'demo': as durable as production.
  const environment = { PATH: process.env['PATH'] };
  const services = await startServices({ dataDir, purpose: 'demo', onProgress: say, environment });
  stops.push(() => services.stop());
  const client = await mongo.MongoClient.connect(services.mongoUri);
  stops.push(() => client.close());
  await markDatabase(client.db(), 'bench');
  const provider = await startInstantProvider();
  stops.push(() => provider.stop());
  const env = apiEnvironment({ ...services, providerUrl: provider.url });
  return {
    ...{ dataDir, uri: services.mongoUri, env, client },
    startContender(name, extra = {}) {
      const child = startChild(join(folder, `contender-${name}.ts`), { ...env, ...extra });
      stops.push(() => child.stop());
      return child;
    },
    async startApi(nodeArgs = [], extra = {}) {
      const api = await startApi({ ...env, ...extra }, nodeArgs);
      stops.push(() => api.stop());
      return api;
    },
  };
}

/**
 * As production would run, but for what NODE_ENV=production refuses in a bench: switched-off request limits, which are not part of
 * the path, and secrets of this machine only.
 */
function apiEnvironment(urls: { mongoUri: string; redisUrl: string; providerUrl: string }): Environment {
  return {
    ...process.env,
    NODE_ENV: 'development',
    MONGODB_URI: urls.mongoUri,
    REDIS_URL: urls.redisUrl,
    STRIPE_API_BASE_URL: urls.providerUrl,
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_bench',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
    ...{ RATE_LIMITS: 'false', LOG_LEVEL: 'warn', COMPRESSION: 'false', DOCS: 'false' },
  };
}

async function startApi(env: Environment, nodeArgs: readonly string[]): Promise<RunningApi> {
  const [port, privatePort] = [await freePort(), await freePort()];
  const child: Api = await startProcess({
    name: 'api',
    args: [...nodeArgs, join(ROOT, 'src/server.ts')],
    env: { ...env, PORT: String(port), PRIVATE_PORT: String(privatePort) },
    onLine: (line) => process.stderr.write(`[api] ${line}\n`),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/health/ready`, { child });
  return {
    url,
    async cpuSeconds() {
      const text = await (await fetch(`http://127.0.0.1:${privatePort}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
    },
    stop: async () => {
      await stopProcess(child, STOP_DEADLINE_MS);
    },
  };
}

/** The API listens where it is told; at this log level it does not tell where that is. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
