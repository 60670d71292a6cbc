import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Side by side, each about as long as the other; what one says is printed when it has ended. */
const LANES = [['lint'], ['typecheck', 'format:check', 'deps', 'dead-code', 'env:check']];
/** It keeps two cores busy by itself. */
const LAST = 'test:fast';

/** Its exit code; everything is run, so that all that is wrong is seen at once. */
async function run(name: string): Promise<number> {
  const child = spawn('npm', ['run', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  process.stdout.write(out);
  process.stderr.write(err);
  return code ?? 1;
}

const failed: string[] = [];

async function runInTurn(names: readonly string[]): Promise<void> {
  for (const name of names) if ((await run(name)) !== 0) failed.push(name);
}

await Promise.all(LANES.map(runInTurn));
await runInTurn([LAST]);
if (failed.length > 0) {
  console.error(`check: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
