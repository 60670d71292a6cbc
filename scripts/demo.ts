// `npm run demo`: the whole system on this machine, and one order played through it. `-- --once` ends after the delivery,
// `-- --fresh` begins with an empty city.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Narrator, StepFailed } from './demo/narrator.ts';
import { playOrder } from './demo/play-order.ts';
import { startProcess } from './processes.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { DEMO_EMAILS, DEMO_PASSWORD } from './sample-city/demo-logins.ts';
import { ServicesError } from './services/index.ts';
import { openStack, type Servers } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');
const DATA_DIR = join(ROOT, '.data/demo');

const { values: options } = parseArgs({
  options: { once: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
});

const say = (line: string) => {
  console.log(line);
};

/** The city is there before the API starts; its past comes after the play, so that nobody waits for it. */
async function seed({ env }: Servers, part: 'city' | 'history'): Promise<void> {
  const args = [join(ROOT, 'scripts/seed.ts'), '--profile', 'demo', '--part', part];
  const child = await startProcess({ name: 'seed', args, env, onLine: say });
  const exitCode = await child.exited;
  if (exitCode !== 0) throw new ServicesError(`seeding the sample city ended with exit code ${exitCode}`);
}

async function play({ base, cloud }: Servers): Promise<void> {
  say('\nOne order, by three clients over the public API and sockets:\n');
  const narrator = new Narrator(say);
  await playOrder({ base, stripeUrl: cloud.stripeUrl, inboxUrl: cloud.inboxUrl, narrator });
  say(`\nFrom sign-up to the door and the receipt in ${narrator.elapsedSeconds} s.`);
}

function invite({ base, cloud, env }: Servers): void {
  say(`
It stays up. What to try next:
  API document   ${base}/docs (log in there with a name below)
  Postman        docs/api/quickbite.postman_collection.json
  Inbox          ${cloud.inboxUrl} (mail and text messages)
  Payments       ${cloud.stripeUrl} (how to pay stands in the README)
  Logs           .data/demo/logs/
  Log-ins        ${Object.values(DEMO_EMAILS).join('\n                 ')}
                 password ${DEMO_PASSWORD}
  First call     curl '${base}/api/v1/restaurants?lat=15.2018&lng=73.1014&openNow=true'
  Its servers    MONGODB_URI=${env['MONGODB_URI'] ?? ''}
                 REDIS_URL=${env['REDIS_URL'] ?? ''}

Ctrl-C stops everything that was started.`);
}

say('Starting MongoDB, Redis, the local cloud, the API and the worker.');
const stack = openStack({ dataDir: DATA_DIR, logs: 'files', say, isFresh: options.fresh });

await runUntilSignal(stack, async () => {
  const servers = await stack.servers;
  await seed(servers, 'city');
  const { ended } = await stack.startApps(servers);
  try {
    await play(servers);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`${error.message}\nThe logs of API and worker are in .data/demo/logs/.`);
    return 1;
  }
  if (options.once) return 0;
  await seed(servers, 'history');
  invite(servers);
  const exitCode = await ended;
  return exitCode === 0 ? 1 : exitCode;
});
