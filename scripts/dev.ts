// `npm run dev`: MongoDB, Redis and the local cloud stay; nodemon (nodemon.json) starts API and worker again after each change.
// The data in .data/dev stays from one run to the next.
import { join } from 'node:path';
import { startProcess } from './processes.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { DEMO_EMAILS, DEMO_PASSWORD } from './sample-city/demo-logins.ts';
import { openStack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');

const say = (line: string) => {
  console.log(line);
};

const stack = openStack({ dataDir: join(ROOT, '.data/dev'), logs: 'terminal', say });

await runUntilSignal(stack, async () => {
  const { base, cloud, env } = await stack.servers;
  // The sample city, on the first start; later it is there already.
  const seedArgs = [join(ROOT, 'scripts/seed.ts'), '--profile', 'tiny'];
  const seed = await startProcess({ name: 'seed', args: seedArgs, env, onLine: say });
  const seeded = await seed.exited;
  if (seeded !== 0) return seeded;
  say(`API ${base}, documentation ${base}/docs, mail ${cloud.inboxUrl}, payment provider ${cloud.stripeUrl}`);
  say(`Log-ins ${Object.values(DEMO_EMAILS).join(', ')}, password ${DEMO_PASSWORD}`);
  const args = [join(ROOT, 'node_modules/nodemon/bin/nodemon.js')];
  const nodemon = await startProcess({ name: 'nodemon', args, env, onLine: say, graceSeconds: 15 });
  stack.onStop(() => nodemon.stop());
  return nodemon.exited;
});
