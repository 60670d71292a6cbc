// `npm run dev`: nodemon runs this again after each change. API and worker over the built-in servers and the local cloud;
// the data in .data/dev stays from one run to the next.
import { join } from 'node:path';
import { startProcess } from './processes.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { startStack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');
/** nodemon may start us before the previous run has stopped its API. */
const PREVIOUS_RUN_MS = 15_000;

const say = (line: string) => {
  console.log(line);
};

const stack = startStack({
  dataDir: join(ROOT, '.data/dev'),
  logs: 'terminal',
  say,
  folderWaitMs: PREVIOUS_RUN_MS,
});

await runUntilSignal(stack, async () => {
  const { base, cloud, env, childEnded } = await stack.ready;
  say(`The API answers at ${base}, its documentation at ${base}/docs, mail at ${cloud.inboxUrl}`);
  // The sample city, on the first start; later it is there already.
  const args = [join(ROOT, 'scripts/seed.ts'), '--profile', 'tiny'];
  await startProcess({ name: 'seed', args, env, onLine: say });
  return childEnded;
});
