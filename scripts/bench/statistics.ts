import type { Figure } from './types.ts';

/** The value below which the fraction `q` of the values lies (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

interface Measured {
  figure: string;
  unit: string;
  target: number | null;
  /** One pair per round: only what ran side by side is compared. */
  rounds: readonly { ours: number; baseline: number }[];
}

const LESS_IS_BETTER = new Set(['ms', 's', 'per row']);

export function toFigure({ figure, unit, target, rounds }: Measured): Figure {
  const ratios = rounds.map(({ ours, baseline }) => (LESS_IS_BETTER.has(unit) ? baseline / ours : ours / baseline));
  return {
    figure,
    ours: rounded(median(rounds.map(({ ours }) => ours))),
    baseline: rounded(median(rounds.map(({ baseline }) => baseline))),
    unit,
    ratio: rounded(median(ratios)),
    min: rounded(Math.min(...ratios)),
    max: rounded(Math.max(...ratios)),
    target: target === null ? null : rounded(target),
  };
}

/** Three digits carry all that a shared machine can tell. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
