/** What a coupon takes off, as the pricing engine needs to know it. */
export interface DiscountTerms {
  kind: 'percentage' | 'amount' | 'free_delivery';
  /** Basis points of the eligible lines, or minor units; without meaning for `free_delivery`. */
  value: number;
  /** The cap; null: none. */
  maxDiscountMinor: number | null;
  /** The lines that take part; null: all of them. */
  lineIds: readonly string[] | null;
}

export interface PricedLine {
  id: string;
  quantity: number;
  /** One piece with its options. */
  unitMinor: number;
  /** Let go by the restaurant, so that an amended order costs no more than was agreed; else 0. */
  reductionMinor: number;
  /** `unitMinor * quantity - reductionMinor`. As on the menu: inclusive of tax or not, as `pricesIncludeTax` says. */
  subtotalMinor: number;
  /** Its share of `itemsDiscountMinor`. */
  discountMinor: number;
  taxCategory: string;
  taxMinor: number;
  /** What the line costs in the end: less its discount, with its tax. */
  totalMinor: number;
}

export interface PricedTax {
  category: string;
  basisPoints: number;
  /** After the discounts. */
  taxableMinor: number;
  taxMinor: number;
}

/** Amounts as the restaurant asks for them. */
export interface Fees {
  deliveryFeeMinor: number;
  serviceFeeMinor: number;
  packagingFeeMinor: number;
  smallOrderFeeMinor: number;
  /**
   * What the restaurant's free-delivery threshold let go of: no part of the bill, but the courier's, whom the restaurant pays for the way.
   * Only where there is some.
   */
  freeWayMinor?: number;
}

/**
 * `totalMinor = itemsMinor + deliveryFeeMinor + serviceFeeMinor + packagingFeeMinor + smallOrderFeeMinor - itemsDiscountMinor -
 * deliveryDiscountMinor + tipMinor (+ taxMinor when prices exclude it)`, exactly.
 */
export interface Breakdown extends Fees {
  currency: string;
  pricesIncludeTax: boolean;
  lines: PricedLine[];
  /** The sum of the lines' subtotals. */
  itemsMinor: number;
  /** What a coupon takes off the items, at most all of them. The sum of the lines' discounts. */
  itemsDiscountMinor: number;
  /** What a coupon takes off the delivery fee, at most all of it. */
  deliveryDiscountMinor: number;
  /** By category, in alphabetical order; their sum is `taxMinor`. */
  taxes: PricedTax[];
  /** Of `taxMinor`, what the fees bear; the lines bear the rest. */
  feeTaxMinor: { delivery: number; service: number; packaging: number; smallOrder: number };
  taxMinor: number;
  tipMinor: number;
  totalMinor: number;
  /** The terms that made these figures, so that an amended order is priced by the same (`repriceOrder`). */
  discount: DiscountTerms | null;
  taxRates: Readonly<Record<string, number>>;
  /** Each tax is so many equal parts (`taxPartsOf`). Only where there are several. */
  taxParts?: number;
}

/** What a coupon takes off in all. */
export function discountOf({ itemsDiscountMinor, deliveryDiscountMinor }: Breakdown): number {
  return itemsDiscountMinor + deliveryDiscountMinor;
}
