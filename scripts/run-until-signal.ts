import { inspect } from 'node:util';
import { ServicesError } from './services/index.ts';
import type { Stack } from './stack.ts';

/**
 * Runs `work` until it ends or somebody asks to stop (Ctrl-C, TERM, HUP), stops the stack, and exits: 0 when asked, else the code
 * that `work` gives. A fault is one sentence where the user can mend it.
 */
export async function runUntilSignal(stack: Stack, work: () => Promise<number>): Promise<never> {
  let isAsked = false;
  const asked = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        isAsked = true;
        resolve(0);
      });
    }
  });
  const worked = work().catch((error: unknown) => {
    // What breaks because we are stopping is no news.
    if (!isAsked) console.error(error instanceof ServicesError ? error.message : inspect(error));
    return 1;
  });
  const exitCode = await Promise.race([asked, worked]);
  await stack.stop();
  // What was in the middle of starting dies with this process.
  process.exit(exitCode);
}
