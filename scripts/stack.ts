import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { developerEnvironment, withLocalCloud, type Environment } from './dev-environment.ts';
import { startLocalCloud, type LocalCloud } from './local-cloud/index.ts';
import { startProcess, stopProcess, waitForHttp } from './processes.ts';
import { deleteOwnKeys, emptyOwnDatabase, markDatabase, ServicesError, startServices } from './services/index.ts';

const ROOT = join(import.meta.dirname, '..');
const STOP_DEADLINE_MS = 10_000;
/** From TERM to KILL for what a killed demo left behind. */
const GRACE_SECONDS = 8;
const REDIS_PREFIX = 'quickbite';
/** Where a person expects them; others where these are taken. */
const CLOUD_PORTS = {
  stripe: 12111,
  smtp: 1025,
  inbox: 8025,
  twilio: 12112,
  google: 12113,
  github: 12114,
  cloudinary: 12115,
};

interface StackOptions {
  dataDir: string;
  /** Called with every line worth showing. */
  say: (line: string) => void;
  /** The output of API and worker: to the terminal with their names, or to files in the data folder. */
  logs: 'terminal' | 'files';
  folderWaitMs?: number;
  /** Forget everything of earlier runs first; in the data folder and in a database that QuickBite has marked, nowhere else. */
  isFresh?: boolean;
}

/** The servers, and what a process needs to find them. */
export interface Servers {
  /** Address of the public API, once it is started. */
  base: string;
  cloud: LocalCloud;
  env: Environment;
}

export interface Stack {
  /** @throws ServicesError with one sentence and the way out */
  servers: Promise<Servers>;
  /** Starts API and worker. Resolves, once the API is ready, to a promise of the exit code of whichever ends by itself. */
  startApps(servers: Servers): Promise<{ ended: Promise<number> }>;
  /** Something else to stop, before what was started earlier. */
  onStop(stop: () => Promise<unknown>): void;
  /** Stops what was started so far, in the reverse order; also in the middle of starting. */
  stop(): Promise<void>;
}

/**
 * The whole system on this machine: MongoDB and Redis (built in, or those of the environment), the local cloud, API and worker as
 * processes of their own.
 */
export function openStack(options: StackOptions): Stack {
  const stops: (() => Promise<unknown>)[] = [];
  const starting = { ...options, stops, developer: developerEnvironment(process.env, join(ROOT, '.env')) };
  return {
    servers: startServers(starting),
    startApps: (servers) => startApps(starting, servers),
    onStop(stop) {
      stops.push(stop);
    },
    async stop() {
      for (const stopOne of stops.splice(0).reverse()) await stopOne();
    },
  };
}

interface Starting extends StackOptions {
  developer: Environment;
  stops: (() => Promise<unknown>)[];
}

async function startServers(starting: Starting): Promise<Servers> {
  const { dataDir, say, developer, stops, folderWaitMs, isFresh = false } = starting;
  const ports = portsOf(developer);
  for (const [name, port] of Object.entries(ports)) await assertFree(name, port);
  const base = `http://127.0.0.1:${ports.PORT}`;
  const wait = folderWaitMs === undefined ? {} : { folderWaitMs };
  const services = await startServices({ dataDir, purpose: 'demo', onProgress: say, environment: developer, ...wait });
  stops.push(() => services.stop());
  const { mongoUri, redisUrl } = services;
  await takeDatabase(mongoUri, isFresh);
  const cloudDir = join(dataDir, 'local-cloud');
  // Not before: the folder is ours alone once the services run in it.
  if (isFresh)
    await Promise.all([rm(cloudDir, { recursive: true, force: true }), deleteOwnKeys(redisUrl, REDIS_PREFIX)]);
  const webhookUrl = `${base}/api/v1/webhooks/payments/stripe`;
  const cloud = await startLocalCloud({ dataDir: cloudDir, webhookUrl, preferredPorts: CLOUD_PORTS, onLine: say });
  stops.push(() => cloud.stop());
  const env: Environment = {
    ...withLocalCloud(developer, cloud.env),
    MONGODB_URI: mongoUri,
    REDIS_URL: redisUrl,
    PUBLIC_URL: developer['PUBLIC_URL'] ?? base,
  };
  return { base, cloud, env };
}

/** API and worker together; stopped together, before what they need. */
async function startApps(starting: Starting, { env, base }: Servers): Promise<{ ended: Promise<number> }> {
  const ended = Promise.withResolvers<number>();
  const children = await Promise.all(
    ['server', 'worker'].map(async (name) => {
      const onLine = lineWriter(starting, name === 'server' ? 'api' : name);
      const args = [join(ROOT, `src/${name}.ts`)];
      const child = await startProcess({ name, args, env, onLine, graceSeconds: GRACE_SECONDS });
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
  return { ended: ended.promise };
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
async function takeDatabase(mongoUri: string, isFresh: boolean): Promise<void> {
  const client = await mongo.MongoClient.connect(mongoUri);
  try {
    await markDatabase(client.db(), 'demo');
    if (isFresh) await emptyOwnDatabase(client.db());
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
