// `npm run demo`: the whole system on this machine, and one order played through it. `-- --once` ends after the delivery,
// `-- --fresh` begins with an empty city.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mongo } from 'mongoose';
import { Narrator, StepFailed } from './demo/narrator.ts';
import { playOrder } from './demo/play-order.ts';
import { startProcess } from './processes.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { DEMO_EMAILS, DEMO_PASSWORD } from './sample-city/demo-logins.ts';
import { deleteOwnKeys, emptyOwnDatabase } from './services/index.ts';
import { startStack, type Stack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');
const DATA_DIR = join(ROOT, '.data/demo');
const REDIS_PREFIX = 'quickbite';

const { values: options } = parseArgs({
  options: { once: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
});

const say = (line: string) => {
  console.log(line);
};

async function beginAnew(mongoUri: string, redisUrl: string): Promise<void> {
  const client = await mongo.MongoClient.connect(mongoUri);
  try {
    await emptyOwnDatabase(client.db());
  } finally {
    await client.close();
  }
  await deleteOwnKeys(redisUrl, REDIS_PREFIX);
}

async function seed(env: Stack['env']): Promise<void> {
  const args = [join(ROOT, 'scripts/seed.ts'), '--profile', 'demo'];
  const child = await startProcess({ name: 'seed', args, env, onLine: say });
  const exitCode = await child.exited;
  if (exitCode !== 0) throw new Error(`seeding the sample city ended with exit code ${exitCode}`);
}

async function play({ base, cloud }: Stack): Promise<void> {
  say('\nOne order, by three clients over the public API and sockets:\n');
  const narrator = new Narrator(say);
  await playOrder({ base, stripeUrl: cloud.stripeUrl, inboxUrl: cloud.inboxUrl, narrator });
  say(`\nFrom sign-up to the door and the receipt in ${narrator.elapsedSeconds} s.`);
}

function invite({ base, cloud }: Stack): void {
  say(`
It stays up. What to try next:
  API document   ${base}/docs (log in there with a name below)
  Postman        docs/api/quickbite.postman_collection.json
  Mail inbox     ${cloud.inboxUrl}
  Logs           .data/demo/logs/
  Log-ins        ${Object.values(DEMO_EMAILS).join(', ')}
                 password ${DEMO_PASSWORD}
  First call     curl '${base}/api/v1/restaurants?lat=15.2018&lng=73.1014&openNow=true'

Ctrl-C stops everything that was started.`);
}

say('Starting MongoDB, Redis, the local cloud, the API and the worker.');
// Only in the data folder; a given server's database is emptied below, where its mark says that it is ours.
if (options.fresh) await rm(join(DATA_DIR, 'local-cloud'), { recursive: true, force: true });
const handle = startStack({
  dataDir: DATA_DIR,
  logs: 'files',
  say,
  prepare: async ({ env, mongoUri, redisUrl }) => {
    if (options.fresh) await beginAnew(mongoUri, redisUrl);
    await seed(env);
  },
});

await runUntilSignal(handle, async () => {
  const stack = await handle.ready;
  try {
    await play(stack);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`${error.message}\nThe logs of API and worker are in .data/demo/logs/.`);
    return 1;
  }
  if (options.once) return 0;
  invite(stack);
  const exitCode = await stack.childEnded;
  return exitCode === 0 ? 1 : exitCode;
});
