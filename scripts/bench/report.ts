import type { BenchReport, Figure } from './types.ts';

const HEADINGS = ['figure', 'ours', 'baseline', 'unit', 'ratio', 'min', 'max', 'target'] as const;

/** One JSON object per figure and line. */
export function toJsonLines(figures: readonly Figure[]): string {
  return figures
    .map((figure) => JSON.stringify(Object.fromEntries(HEADINGS.map((key) => [key, figure[key]]))))
    .join('\n');
}

/** For the terminal. */
export function toTable(figures: readonly Figure[]): string {
  const rows = [[...HEADINGS], ...figures.map(cellsOf)];
  const widths = HEADINGS.map((_heading, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

interface Section {
  title: string;
  command: string;
  /** ISO day. */
  date: string;
  machine: string;
  report: BenchReport;
}

/** What a run writes into docs/bench.md. */
export function toMarkdown({ title, command, date, machine, report }: Section): string {
  const facts = [machine, ...report.facts].join(', ');
  return [
    `### ${title}`,
    `\`${command}\`, ${date}: ${facts}.`,
    markdownTable([[...HEADINGS], ...report.figures.map(cellsOf)]),
    ...report.notes,
  ].join('\n\n');
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => '---'), ...body];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(figure: Figure): string[] {
  return HEADINGS.map((key) => (figure[key] === null ? '' : String(figure[key])));
}
