import type { Paper } from '../../src/modules/reports/papers/paper.ts';
import { plain } from './read-pdf.ts';

/** What a document says, as its PDF would, without the seconds that a PDF takes. */
export function wordsOf({ sections }: Paper): string {
  const words = sections.flatMap(({ heading, facts, tables, totals }) => [
    ...[heading, ...facts.flat()],
    ...tables.flatMap(({ columns, rows }) => [
      ...columns.map(({ label }) => label),
      ...rows.flatMap(({ cells, detail }) => [...cells, detail]),
    ]),
    ...totals.flatMap(({ label, amount }) => [label, amount]),
  ]);
  return plain(words.filter((word) => word !== '').join(' '));
}
