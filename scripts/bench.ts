// `npm run bench -- <name> [--json] [--rounds N] [--profile]`: measures one path against its baseline. Exits 0 whether or not the
// target is met: a figure is a fact, and the gate is somebody else's.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { now } from '../src/shared/clock.ts';
import { writeSection } from './bench/document.ts';
import { describeMachine } from './bench/machine.ts';
import { benches } from './bench/registry.ts';
import { toJsonLines, toMarkdown, toTable } from './bench/report.ts';
import type { Bench } from './bench/types.ts';

const DOCUMENT = join(import.meta.dirname, '../docs/bench.md');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    profile: { type: 'boolean', default: false },
  },
});

async function main(bench: Bench): Promise<void> {
  const rounds = Math.max(1, Math.trunc(Number(options.rounds)) || 1);
  const report = await bench.run({
    rounds,
    isProfiled: options.profile,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  if (options.json) {
    console.log(toJsonLines(report.figures));
    return;
  }
  console.log(`${bench.title}\n\n${toTable(report.figures)}\n\n${report.notes.join('\n\n')}`);
  const command = ['npm run bench --', bench.name, `--rounds ${rounds}`, options.profile ? '--profile' : '']
    .join(' ')
    .trim();
  const date = now().toISOString().slice(0, 10);
  const section = toMarkdown({ title: bench.title, command, date, machine: describeMachine(), report });
  await writeSection(DOCUMENT, bench.name, section);
}

const [name] = positionals;
const bench = benches.find((one) => one.name === name);
if (bench === undefined) {
  const known = benches.map((one) => `  ${one.name}  ${one.title}`).join('\n');
  console.error(`${name === undefined ? 'Name a bench' : `There is no bench ${name}`}; there are:\n${known}`);
  process.exitCode = 1;
} else {
  await main(bench);
}
