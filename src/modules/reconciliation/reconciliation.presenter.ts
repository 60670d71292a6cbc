import { money } from '../../shared/money.ts';
import { DIFFERENCE_TYPES, type Difference } from './compare.ts';
import type { ReconciliationDay } from './reconciliation-day.model.ts';

export function toDayLine({ _id: day, ranAt, movements, matched, sums, counts, differenceCount }: ReconciliationDay) {
  return {
    ...{ day, ranAt: ranAt.toISOString(), movements, matched, differenceCount },
    sums: sums.map(({ currency, movements: count, amountMinor, feeMinor }) => ({
      ...{ movements: count, amount: money(amountMinor, currency), fees: money(feeMinor, currency) },
    })),
    counts: Object.fromEntries(DIFFERENCE_TYPES.map((type) => [type, counts[type] ?? 0])),
  };
}

export function toDayView(report: ReconciliationDay) {
  return { ...toDayLine(report), differences: report.differences.map(toDifferenceView) };
}

function toDifferenceView({ currency, amountMinor, providerMinor, ...difference }: Difference) {
  const { type, movementId, kind, sourceId, orderId } = difference;
  return {
    ...{ type, movementId, kind, sourceId, orderId },
    booked: amountMinor === null ? null : money(amountMinor, currency),
    provider: providerMinor === null ? null : money(providerMinor, currency),
  };
}
