import { readFile } from 'node:fs/promises';
import { writeSection } from '../bench/document.ts';
import { markdownTable } from '../bench/report.ts';
import type { Outcome } from './run-scenario.ts';

const SECTION = 'results';
const HEADINGS = [
  ...['scenario', 'form', 'what was done', 'orders', 'unknown', 'duplicates', 'lost', 'mail twice'],
  ...['at rest after', 'notes', 'violations', 'day'],
];

/** Rows of the scenarios that ran take the place of the older ones; the others stay. */
export async function writeResults(
  file: string,
  outcomes: readonly Outcome[],
  { form, date }: { form: string; date: string },
): Promise<void> {
  const rows = new Map((await readRows(file)).map((cells) => [keyOf(cells), cells]));
  for (const outcome of outcomes) {
    const cells = cellsOf(outcome, form, date);
    rows.set(keyOf(cells), cells);
  }
  const sorted = [...rows.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en', { numeric: true }));
  await writeSection(file, SECTION, markdownTable([HEADINGS, ...sorted]));
}

export function cellsOf({ name, damage, audit, ...rest }: Outcome, form: string, date: string): string[] {
  const { invoked, ok, wereUnknown, duplicates, lost, mailCopies } = audit;
  return [
    ...[name, form, damage, invoked === ok ? `${ok}` : `${ok} of ${invoked}`, String(wereUnknown)],
    ...[String(duplicates), String(lost), String(mailCopies), `${rest.recoverySeconds.toFixed(1)} s`],
    ...[rest.notes.join('; '), String(rest.violations.length), date],
  ];
}

function keyOf([name = '', form = '']: readonly string[]): string {
  return `${name} ${form}`;
}

async function readRows(file: string): Promise<string[][]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => /^\| R\d+ /.test(line));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}
