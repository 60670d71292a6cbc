import { deliveryFeeOf, freeWayOf, type FeeTable } from '../../shared/delivery-fee.ts';
import { addUp, type BillLine } from './add-up.ts';
import type { Breakdown, DiscountTerms, Fees } from './breakdown.ts';
import { assertAmount, sum } from './sums.ts';

export interface PricingLine {
  /** Unique in the cart. */
  id: string;
  unitPriceMinor: number;
  optionPricesMinor: readonly number[];
  quantity: number;
  taxCategory: string;
}

export interface PricingInput {
  currency: string;
  lines: readonly PricingLine[];
  /** By road (`routeMeters`). */
  distanceMeters: number;
  /** null: nothing is delivered (or it is not known yet where to), so that there is no delivery fee. */
  feeTable: FeeTable | null;
  /**
   * Basis points by tax category. Fees are taxed under `delivery`, `packaging` and `service` (the small-order fee too); a category
   * without a rate bears none.
   */
  taxRates: Readonly<Record<string, number>>;
  /** Each tax is so many equal parts, each rounded by itself (`taxPartsOf`); one unless given. */
  taxParts?: number | undefined;
  /** Prices and fees contain the tax (inclusive), or it is added on top (exclusive). */
  pricesIncludeTax: boolean;
  serviceFeeMinor?: number | undefined;
  packagingFeeMinor?: number | undefined;
  /** Charged where the items come to less than `belowMinor`, before any discount: a coupon does not make an order small. */
  smallOrderFee?: { belowMinor: number; feeMinor: number } | null | undefined;
  discount?: DiscountTerms | null | undefined;
  tipMinor?: number | undefined;
}

/**
 * Every figure of a cart or quote in whole minor units (domain.md section 1E). Fees go by the items before the discount; the
 * discount is spread over its lines by the largest remainder; tax is taken on what is left, rounded once per category (and
 * part of the tax). Tips bear no tax. The order of the lines changes nothing.
 * @throws RangeError for amounts that are negative, fractional or beyond safe integers, or a quantity below one.
 */
export function priceOrder(input: PricingInput): Breakdown {
  assertPrices(input);
  const { currency, pricesIncludeTax, taxRates, taxParts } = input;
  const { serviceFeeMinor = 0, packagingFeeMinor = 0, tipMinor = 0 } = input;
  const lines = input.lines.map(toBillLine);
  const itemsMinor = sum(lines.map(({ unitMinor, quantity }) => unitMinor * quantity));
  const smallOrderFeeMinor = smallOrderFeeOf(input.smallOrderFee ?? null, itemsMinor);
  return addUp({
    ...{ currency, pricesIncludeTax, taxRates, taxParts, lines, tipMinor, discount: input.discount ?? null },
    fees: { ...wayOf(input, itemsMinor), serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor },
  });
}

function wayOf(
  { feeTable, distanceMeters }: PricingInput,
  itemsMinor: number,
): Pick<Fees, 'deliveryFeeMinor' | 'freeWayMinor'> {
  if (feeTable === null) return { deliveryFeeMinor: 0 };
  const freeWayMinor = freeWayOf(feeTable, distanceMeters, itemsMinor);
  if (freeWayMinor > 0) return { deliveryFeeMinor: 0, freeWayMinor };
  return { deliveryFeeMinor: deliveryFeeOf(feeTable, distanceMeters, itemsMinor) };
}

function toBillLine({ id, unitPriceMinor, optionPricesMinor, quantity, taxCategory }: PricingLine): BillLine {
  const unitMinor = sum([unitPriceMinor, ...optionPricesMinor]);
  return { id, quantity, unitMinor, reductionMinor: 0, taxCategory };
}

function smallOrderFeeOf(fee: NonNullable<PricingInput['smallOrderFee']> | null, itemsMinor: number): number {
  return fee !== null && itemsMinor < fee.belowMinor ? fee.feeMinor : 0;
}

function assertPrices({ lines, feeTable }: PricingInput): void {
  const fees = feeTable?.bands.map(({ feeMinor }) => feeMinor) ?? [];
  for (const amount of [...lines.flatMap((line) => [line.unitPriceMinor, ...line.optionPricesMinor]), ...fees]) {
    assertAmount(amount);
  }
}
