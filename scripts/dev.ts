// `npm run dev`: nodemon runs this again after each change. API and worker over the built-in servers and the local cloud;
// the data in .data/dev stays from one run to the next.
import { join } from 'node:path';
import { inspect } from 'node:util';
import { developerEnvironment, withLocalCloud, type Environment } from './dev-environment.ts';
import { startLocalCloud } from './local-cloud/index.ts';
import { startProcess, stopProcess, waitForHttp, type Child } from './processes.ts';
import { ServicesError, startServices } from './services/index.ts';

const ROOT = join(import.meta.dirname, '..');
const DATA_DIR = join(ROOT, '.data/dev');
/** A developer does not want to wait for a slow client. */
const STOP_DEADLINE_MS = 10_000;

const say = (line: string) => {
  console.log(line);
};

const processes: Child[] = [];
/** In the order of starting. */
const servers: { stop(): Promise<unknown> }[] = [];
const stopRequested = Promise.withResolvers<number>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopRequested.resolve(0);
  });
}

async function start(): Promise<void> {
  const developer = developerEnvironment(process.env, join(ROOT, '.env'));
  const services = await startServices({
    dataDir: DATA_DIR,
    purpose: 'demo',
    onProgress: say,
    // nodemon may start us before the previous run has stopped its API.
    folderWaitMs: STOP_DEADLINE_MS + 5000,
    environment: developer,
  });
  servers.push(services);
  const base = `http://127.0.0.1:${developer['PORT'] ?? '5000'}`;
  const cloud = await startLocalCloud({
    dataDir: join(DATA_DIR, 'local-cloud'),
    webhookUrl: `${base}/api/v1/webhooks/payments/stripe`,
    onLine: say,
  });
  servers.push(cloud);
  const env: Environment = {
    ...withLocalCloud(developer, cloud.env),
    MONGODB_URI: services.mongoUri,
    REDIS_URL: services.redisUrl,
  };
  const [api] = await Promise.all([
    startChild('api', 'src/server.ts', env),
    startChild('worker', 'src/worker.ts', env),
  ]);
  await waitForHttp(`${base}/health/ready`, { child: api });
  say(`The API answers at ${base}, its documentation at ${base}/docs`);
}

async function startChild(name: string, script: string, env: Environment): Promise<Child> {
  const child = await startProcess({
    name,
    args: [join(ROOT, script)],
    env,
    onLine: (line) => {
      say(`[${name}] ${line}`);
    },
  });
  processes.push(child);
  void child.exited.then((code) => {
    stopRequested.resolve(code === 0 ? 1 : code);
  });
  return child;
}

/** API and worker together, then the local cloud, then the servers they all need. */
async function stopAll(): Promise<void> {
  await Promise.all(processes.map((child) => stopProcess(child, STOP_DEADLINE_MS)));
  for (const server of servers.reverse()) await server.stop();
}

function explain(error: unknown): number {
  say(error instanceof ServicesError ? error.message : inspect(error));
  return 1;
}

const started = start().then(() => stopRequested.promise, explain);
const exitCode = await Promise.race([started, stopRequested.promise]);
await stopAll();
process.exit(exitCode);
