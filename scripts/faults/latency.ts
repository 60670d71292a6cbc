import { quantile } from '../bench/statistics.ts';
import type { Journal } from './journal.ts';

/** How POST /orders was answered in these spans of time. */
export function latencyNote(when: string, { answers }: Journal, spans: readonly [number, number][]): string {
  const within = answers.filter(
    ({ atMs, status }) => status > 0 && spans.some(([from, to]) => atMs >= from && atMs <= to),
  );
  const taken = within.filter(({ status }) => status < 300).map(({ ms }) => ms);
  const refused = within.filter(({ status }) => status >= 500).length;
  const times =
    taken.length === 0 ? '' : `, p50 ${quantile(taken, 0.5).toFixed(0)} ms, p99 ${quantile(taken, 0.99).toFixed(0)} ms`;
  return `${when} ${taken.length} taken${times}, ${refused} × 5xx`;
}
