import type { FeeBand } from '../../../shared/delivery-fee.ts';

/** What is wrong with a fee table; null: nothing. A dearer basket or a shorter way must never cost more. */
export function feeTableProblem(bands: readonly FeeBand[]): string | null {
  const rows = inOrder(bands);
  const byLimit = [...Map.groupBy(rows, ({ upToMeters }) => upToMeters).values()];
  const problems: [string, boolean][] = [
    ['must have one row per distance and subtotal', new Set(rows.map(keyOf)).size < rows.length],
    ['needs a row without fromSubtotalMinor for each distance', byLimit.some(([first]) => fromOf(first) > 0)],
    ['must not charge more for a higher subtotal', byLimit.some((steps) => steps.some(isDearerThanBefore))],
    ['must not charge less for a longer way', isCheaperFurther(byLimit)],
  ];
  return problems.find(([, holds]) => holds)?.[0] ?? null;
}

/** Beyond its last row nobody would know what the way costs. Null: the table reaches as far as this by road. */
export function shortTableProblem(bands: readonly FeeBand[], neededMeters: number): string | null {
  const reach = Math.max(0, ...bands.map(({ upToMeters }) => upToMeters));
  if (reach >= neededMeters) return null;
  return `must have a row up to ${neededMeters} meters or more: so far the deliveries go by road`;
}

/** By distance, then by subtotal; from nothing on needs no saying. */
export function inOrder(bands: readonly FeeBand[]): FeeBand[] {
  return bands
    .map(({ upToMeters, fromSubtotalMinor = 0, feeMinor }) => {
      return { upToMeters, ...(fromSubtotalMinor === 0 ? {} : { fromSubtotalMinor }), feeMinor };
    })
    .sort((a, b) => a.upToMeters - b.upToMeters || fromOf(a) - fromOf(b));
}

function fromOf(band: FeeBand | undefined): number {
  return band?.fromSubtotalMinor ?? 0;
}

function keyOf(band: FeeBand): string {
  return `${band.upToMeters} ${fromOf(band)}`;
}

function isDearerThanBefore({ feeMinor }: FeeBand, index: number, steps: readonly FeeBand[]): boolean {
  return index > 0 && feeMinor > (steps[index - 1]?.feeMinor ?? Infinity);
}

/** Asked at every subtotal at which any row begins. */
function isCheaperFurther(byLimit: readonly (readonly FeeBand[])[]): boolean {
  const subtotals = new Set(byLimit.flat().map(fromOf));
  return [...subtotals].some((subtotal) => {
    const fees = byLimit.map((steps) => steps.findLast((step) => fromOf(step) <= subtotal)?.feeMinor ?? 0);
    return fees.some((fee, index) => index > 0 && fee < (fees[index - 1] ?? 0));
  });
}
