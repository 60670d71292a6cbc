// `npm run faults -- [R1 R2 ...] [--long] [--dry]`: kills, freezes and empties what production may lose, under orders, and checks what
// is left. Without a name every scenario; `--long` with the figures of bar.md; `--dry` writes nothing into docs/faults.md.
// Exits 1 where an invariant does not hold.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { now } from '../src/shared/clock.ts';
import { writeResults } from './faults/document.ts';
import { scenarios } from './faults/registry.ts';
import { runScenario, type Outcome } from './faults/run-scenario.ts';
import { setStage, type Environment, type Stage } from './faults/stage.ts';
import type { Scenario } from './faults/types.ts';

const DOCUMENT = join(import.meta.dirname, '../docs/faults.md');
/** Patience for a CI: the same code with shorter waits. The long form runs with the product's own. */
const SHORT: Environment = { JOB_LOCK_SECONDS: '3', OUTBOX_RETRY_SECONDS: '3', SWEEP_INTERVAL_SECONDS: '2' };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { long: { type: 'boolean', default: false }, dry: { type: 'boolean', default: false } },
});
const form = options.long ? 'long' : 'short';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function playAll(chosen: readonly Scenario[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let stage: Stage | null = null;
  try {
    for (const scenario of chosen) {
      stage ??= await setStage(options.long ? {} : SHORT, say);
      say(`${scenario.name}: ${scenario.title}`);
      const outcome = await runScenario(stage, scenario, { isLong: options.long, say });
      report(outcome, stage);
      outcomes.push(outcome);
      // At once: whoever interrupts the rest keeps it.
      if (!options.dry) await writeResults(DOCUMENT, [outcome], { form, date: now().toISOString().slice(0, 10) });
      // What it left behind must not be blamed on the next one.
      if (outcome.violations.length === 0) continue;
      await stage.stop();
      stage = null;
    }
  } finally {
    await stage?.stop();
  }
  return outcomes;
}

function report({ name, damage, audit, ...outcome }: Outcome, stage: Stage): void {
  const { invoked, ok, refused, wereUnknown, duplicates, lost, mailCopies } = audit;
  const words = [
    `${name}: ${damage}`,
    `orders ${invoked} invoked, ${ok} ok, ${refused} refused, ${wereUnknown} unknown for a while`,
    `${duplicates} duplicates, ${lost} lost, ${mailCopies} mails twice`,
    `at rest after ${outcome.recoverySeconds.toFixed(1)} s`,
    ...outcome.notes,
  ];
  if (outcome.violations.length > 0) {
    for (const app of [...stage.apis, ...stage.workers]) say([`--- ${app.name}`, ...app.lastLines()].join('\n'));
  }
  console.log(words.join('\n  '));
  console.log(outcome.violations.length === 0 ? '  passed' : `  FAILED\n    ${outcome.violations.join('\n    ')}`);
}

const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  const known = scenarios.map(({ name, title }) => `  ${name}  ${title}`).join('\n');
  console.error(`There is no ${unknown.join(', ')}; there are:\n${known}`);
  process.exitCode = 1;
} else {
  // In the order in which they were named.
  const named = positionals.flatMap((name) => scenarios.filter((scenario) => scenario.name === name));
  const chosen = named.length === 0 ? scenarios : named;
  const outcomes = await playAll(chosen);
  if (outcomes.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
}
