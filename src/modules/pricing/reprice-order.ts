import { allocate } from '../../shared/money.ts';
import { addUp, type BillLine } from './add-up.ts';
import { discountOf, type Breakdown, type DiscountTerms } from './breakdown.ts';
import { sum } from './sums.ts';

/** What happens to one line of an agreed order; at most one change per line. */
export type LineChange =
  | { kind: 'remove'; lineId: string }
  | { kind: 'quantity'; lineId: string; quantity: number }
  | { kind: 'replace'; lineId: string; with: ReplacementLine };

export interface ReplacementLine {
  /** Of the new line; may be the old one's. */
  id: string;
  /** One piece with its options. */
  unitMinor: number;
  quantity: number;
  taxCategory: string;
}

/**
 * The bill after an amendment: the same fees, tax rates, tip and coupon terms over other lines. A replacement takes part in the
 * coupon where the line that it replaces did. Neither the total nor the discount is ever above the agreed one: the restaurant lets go
 * of the rest (`reductionMinor` of the changed lines), and nobody's budget is asked for more.
 * @throws RangeError for an unknown line, two changes of one line, or when no line is left (that is a cancellation)
 */
export function repriceOrder(agreed: Breakdown, changes: readonly LineChange[]): Breakdown {
  assertChanges(agreed, changes);
  const changeByLine = new Map(changes.map((change) => [change.lineId, change]));
  const lines = agreed.lines.flatMap((line) => changed(line, changeByLine.get(line.id)));
  if (lines.length === 0) throw new RangeError('no line is left');
  const discount = discountAfter(agreed.discount, changes);
  const priced = priceAgain(agreed, lines, discount);
  if (priced.totalMinor <= agreed.totalMinor) return priced;
  const unchanged = new Set(agreed.lines.map(({ id }) => id).filter((id) => !changeByLine.has(id)));
  const ids = lines.map(({ id }) => id);
  // All lines only where rounding alone made the total grow.
  for (const reducible of [ids.filter((id) => !unchanged.has(id)), ids]) {
    const reduced = (minor: number) => priceAgain(agreed, lowered(lines, reducible, minor), discount);
    const mostMinor = sum(lines.filter(({ id }) => reducible.includes(id)).map(subtotalOf));
    const enoughMinor = leastThat((minor) => reduced(minor).totalMinor <= agreed.totalMinor, mostMinor);
    if (enoughMinor !== null) return reduced(enoughMinor);
  }
  throw new RangeError('the fees alone are above the agreed total');
}

function priceAgain(agreed: Breakdown, lines: readonly BillLine[], discount: DiscountTerms | null): Breakdown {
  const { currency, pricesIncludeTax, taxRates, taxParts, tipMinor } = agreed;
  const { deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor, freeWayMinor } = agreed;
  const fees = {
    ...{ deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor },
    ...(freeWayMinor === undefined ? {} : { freeWayMinor }),
  };
  const priced = addUp({
    currency,
    pricesIncludeTax,
    taxRates,
    taxParts,
    lines,
    fees,
    tipMinor,
    discount: noMore(agreed, discount),
  });
  // The terms stay those of the coupon.
  return { ...priced, discount };
}

function noMore(agreed: Breakdown, discount: DiscountTerms | null): DiscountTerms | null {
  return discount === null ? null : { ...discount, maxDiscountMinor: discountOf(agreed) };
}

function changed(line: BillLine, change: LineChange | undefined): BillLine[] {
  const { id, quantity, unitMinor, reductionMinor, taxCategory } = line;
  if (change === undefined) return [{ id, quantity, unitMinor, reductionMinor, taxCategory }];
  if (change.kind === 'remove') return [];
  if (change.kind === 'replace') {
    return [{ ...change.with, reductionMinor: 0 }];
  }
  const fewer = { id, quantity: change.quantity, unitMinor, taxCategory };
  return [{ ...fewer, reductionMinor: Math.min(reductionMinor, unitMinor * change.quantity) }];
}

function discountAfter(discount: DiscountTerms | null, changes: readonly LineChange[]): DiscountTerms | null {
  if (discount?.lineIds == null) return discount;
  const replacing = new Map(
    changes.flatMap((change): [string, string][] =>
      change.kind === 'replace' ? [[change.lineId, change.with.id]] : [],
    ),
  );
  return { ...discount, lineIds: discount.lineIds.map((id) => replacing.get(id) ?? id) };
}

function lowered(lines: readonly BillLine[], reducible: readonly string[], byMinor: number): BillLine[] {
  const members = lines.filter(({ id }) => reducible.includes(id));
  const shares = allocate(byMinor, members.map(subtotalOf));
  const shareById = new Map(members.map(({ id }, index) => [id, shares[index] ?? 0]));
  return lines.map((line) => ({ ...line, reductionMinor: line.reductionMinor + (shareById.get(line.id) ?? 0) }));
}

function subtotalOf({ unitMinor, quantity, reductionMinor }: BillLine): number {
  return unitMinor * quantity - reductionMinor;
}

/** By halving; null: not even `most` does. */
function leastThat(isEnough: (amount: number) => boolean, most: number): number | null {
  if (!isEnough(most)) return null;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function assertChanges(agreed: Breakdown, changes: readonly LineChange[]): void {
  const known = new Set(agreed.lines.map(({ id }) => id));
  const named = changes.map(({ lineId }) => lineId);
  for (const lineId of named) if (!known.has(lineId)) throw new RangeError(`no such line: ${lineId}`);
  if (new Set(named).size < named.length) throw new RangeError('two changes of one line');
}
