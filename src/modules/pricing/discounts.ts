import { allocate, basisPointsOf } from '../../shared/money.ts';
import type { DiscountTerms } from './breakdown.ts';
import { assertAmount, sum } from './sums.ts';
import { byId } from './taxes.ts';

interface DiscountedLine {
  id: string;
  subtotalMinor: number;
}

/** What the coupon takes off each line, by id; nothing for one on the delivery. Never more than the line. */
export function lineDiscountsOf(discount: DiscountTerms | null, lines: readonly DiscountedLine[]): Map<string, number> {
  if (discount === null || discount.kind === 'free_delivery') return new Map();
  const { kind, value, lineIds } = discount;
  assertAmount(value);
  const eligible = byId(lines.filter(({ id }) => lineIds === null || lineIds.includes(id)));
  const weights = eligible.map(({ subtotalMinor }) => subtotalMinor);
  const eligibleMinor = sum(weights);
  const wantedMinor = kind === 'percentage' ? basisPointsOf(eligibleMinor, value) : value;
  const shares = allocate(capped(wantedMinor, discount, eligibleMinor), weights);
  return new Map(eligible.map(({ id }, index) => [id, shares[index] ?? 0]));
}

export function deliveryDiscountOf(discount: DiscountTerms | null, deliveryFeeMinor: number): number {
  return discount?.kind === 'free_delivery' ? capped(deliveryFeeMinor, discount, deliveryFeeMinor) : 0;
}

/** What a coupon takes off in all. */
export function discountMinorOf(
  discount: DiscountTerms,
  lines: readonly DiscountedLine[],
  deliveryFeeMinor: number,
): number {
  return sum([...lineDiscountsOf(discount, lines).values(), deliveryDiscountOf(discount, deliveryFeeMinor)]);
}

function capped(wantedMinor: number, { maxDiscountMinor }: DiscountTerms, mostMinor: number): number {
  return Math.min(wantedMinor, maxDiscountMinor ?? wantedMinor, mostMinor);
}
