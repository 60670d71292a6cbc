import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { developerEnvironment, withLocalCloud, type Environment } from './dev-environment.ts';
import { startLocalCloud, type LocalCloud } from './local-cloud/index.ts';
import { startProcess, stopProcess, waitForHttp } from './processes.ts';
import { markDatabase, ServicesError, startServices } from './services/index.ts';

const ROOT = join(import.meta.dirname, '..');
const STOP_DEADLINE_MS = 10_000;

interface StackOptions {
  dataDir: string;
  /** Called with every line worth showing. */
  say: (line: string) => void;
  /** The output of API and worker: to the terminal with their names, or to files in the data folder. */
  logs: 'terminal' | 'files';
  folderWaitMs?: number;
  /** Runs when the servers are up and before the API starts. */
  prepare?: (stack: { env: Environment; mongoUri: string; redisUrl: string }) => Promise<void>;
}

export interface Stack {
  /** Address of the public API. */
  base: string;
  cloud: LocalCloud;
  env: Environment;
  /** Resolves to the exit code when the API or the worker ends by itself. */
  childEnded: Promise<number>;
}

export interface StackHandle {
  /**
   * The running stack.
   * @throws ServicesError with one sentence and the way out
   */
  ready: Promise<Stack>;
  /** Stops what was started so far, in the reverse order; also in the middle of starting. */
  stop(): Promise<void>;
}

/**
 * The whole system on this machine: MongoDB and Redis (built in, or those of the environment), the local cloud, API and worker as
 * processes of their own.
 */
export function startStack(options: StackOptions): StackHandle {
  const stops: (() => Promise<unknown>)[] = [];
  return {
    ready: startAll({ ...options, stops, developer: developerEnvironment(process.env, join(ROOT, '.env')) }),
    async stop() {
      for (const stopOne of stops.splice(0).reverse()) await stopOne();
    },
  };
}

interface Starting extends StackOptions {
  developer: Environment;
  stops: (() => Promise<unknown>)[];
}

async function startAll(starting: Starting): Promise<Stack> {
  const { dataDir, say, developer, stops } = starting;
  const ports = portsOf(developer);
  for (const [name, port] of Object.entries(ports)) await assertFree(name, port);
  const base = `http://127.0.0.1:${ports.PORT}`;
  const services = await startServices({
    dataDir,
    purpose: 'demo',
    onProgress: say,
    environment: developer,
    ...(starting.folderWaitMs === undefined ? {} : { folderWaitMs: starting.folderWaitMs }),
  });
  stops.push(() => services.stop());
  const { mongoUri, redisUrl } = services;
  await markOwn(mongoUri);
  const cloud = await startLocalCloud({
    dataDir: join(dataDir, 'local-cloud'),
    webhookUrl: `${base}/api/v1/webhooks/payments/stripe`,
    onLine: say,
  });
  stops.push(() => cloud.stop());
  const env: Environment = {
    ...withLocalCloud(developer, cloud.env),
    MONGODB_URI: mongoUri,
    REDIS_URL: redisUrl,
    PUBLIC_URL: developer['PUBLIC_URL'] ?? base,
  };
  await starting.prepare?.({ env, mongoUri, redisUrl });
  return { base, cloud, env, ...(await startApps(starting, env, base)) };
}

/** API and worker together; stopped together, before what they need. */
async function startApps(starting: Starting, env: Environment, base: string): Promise<Pick<Stack, 'childEnded'>> {
  const ended = Promise.withResolvers<number>();
  const children = await Promise.all(
    ['server', 'worker'].map(async (name) => {
      const onLine = lineWriter(starting, name === 'server' ? 'api' : name);
      const child = await startProcess({ name, args: [join(ROOT, `src/${name}.ts`)], env, onLine });
      void child.exited.then((code) => {
        ended.resolve(code);
      });
      return child;
    }),
  );
  starting.stops.push(() => Promise.all(children.map((child) => stopProcess(child, STOP_DEADLINE_MS))));
  try {
    await waitForHttp(`${base}/health/ready`, children[0] === undefined ? {} : { child: children[0] });
  } catch (error) {
    const where = starting.logs === 'files' ? `; why stands in ${join(starting.dataDir, 'logs')}` : '';
    throw new ServicesError(
      `The API did not start (${error instanceof Error ? error.message : String(error)})${where}.`,
    );
  }
  return { childEnded: ended.promise };
}

function lineWriter({ logs, dataDir, say, stops }: Starting, name: string): (line: string) => void {
  if (logs === 'terminal') {
    return (line) => {
      say(`[${name}] ${line}`);
    };
  }
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const file: WriteStream = createWriteStream(join(dataDir, 'logs', `${name}.log`), { flags: 'a' });
  stops.push(() => new Promise((resolve) => file.end(resolve)));
  return (line) => {
    file.write(`${line}\n`);
  };
}

/** Only an empty database is taken, or one that was taken before. */
async function markOwn(mongoUri: string): Promise<void> {
  const client = await mongo.MongoClient.connect(mongoUri);
  try {
    await markDatabase(client.db(), 'demo');
  } finally {
    await client.close();
  }
}

function portsOf(developer: Environment) {
  return {
    PORT: Number(developer['PORT'] ?? 5000),
    PRIVATE_PORT: Number(developer['PRIVATE_PORT'] ?? 5001),
    WORKER_PRIVATE_PORT: Number(developer['WORKER_PRIVATE_PORT'] ?? 5002),
  };
}

async function assertFree(name: string, port: number): Promise<void> {
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
  if (isFree) return;
  throw new ServicesError(
    `Port ${port} is in use. Stop what runs there, or choose another port: ${name}=${port + 100}.`,
  );
}
