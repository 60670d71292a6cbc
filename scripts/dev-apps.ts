// What nodemon runs: API and worker over the servers that `npm run dev` has started and named in the environment.
import { join } from 'node:path';
import { startProcess, stopProcess, type Child } from './processes.ts';

const STOP_DEADLINE_MS = 10_000;

const start = (name: string, script: string): Promise<Child> =>
  startProcess({
    name,
    args: [join(import.meta.dirname, '..', script)],
    onLine: (line) => {
      console.log(`[${name}] ${line}`);
    },
  });

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
});
const apps = await Promise.all([start('api', 'src/server.ts'), start('worker', 'src/worker.ts')]);
// One that ends by itself (a syntax error, say) ends the other too; nodemon starts both at the next change.
await Promise.race([stopped, ...apps.map(({ exited }) => exited)]);
await Promise.all(apps.map((app) => stopProcess(app, STOP_DEADLINE_MS)));
process.exit(0);
