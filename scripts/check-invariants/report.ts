import type { Violation } from './types.ts';

const MOST_EXAMPLES = 5;

export interface InvariantResult {
  name: string;
  source: string;
  violations: number;
  /** The first five. */
  examples: Violation[];
  /** Why it was not judged; null: it was. */
  skipped: string | null;
}

export interface Report {
  database: string;
  checkedAt: Date;
  orders: number;
  results: InvariantResult[];
  /** Not one violation. */
  isSound: boolean;
}

/** What is found of one invariant. Counts all, keeps few. */
export class Finding {
  private readonly of: { name: string; source: string };
  private readonly examples: Violation[] = [];
  private violations = 0;
  private skipped: string | null = null;

  constructor(of: { name: string; source: string }) {
    this.of = of;
  }

  add(violation: Violation): void {
    this.violations += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(violation);
  }

  skip(reason: string): void {
    this.skipped = reason;
  }

  toResult(): InvariantResult {
    const { name, source } = this.of;
    const { violations, examples, skipped } = this;
    return { name, source, violations, examples, skipped };
  }
}

export function printReport({ database, checkedAt, orders, results, isSound }: Report): string {
  const broken = results.filter(({ violations }) => violations > 0).length;
  const verdict = isSound ? 'Every invariant holds.' : `${broken} of ${results.length} invariants do not hold.`;
  return [
    `Database ${database} at ${checkedAt.toISOString()}, ${orders} orders`,
    ...results.flatMap(linesOf),
    verdict,
  ].join('\n');
}

function linesOf({ name, source, violations, examples, skipped }: InvariantResult): string[] {
  const result = skipped === null ? (violations === 0 ? 'ok' : `${violations} VIOLATIONS`) : `not judged: ${skipped}`;
  return [
    `  ${name.padEnd(32)} ${source.padEnd(28)} ${result}`,
    ...examples.map((example) => `      ${toLine(example)}`),
  ];
}

function toLine({ ids, problem }: Violation): string {
  const named = Object.entries(ids).map(([kind, id]) => `${kind} ${id}`);
  return `${named.join(', ')}: ${problem}`;
}
