import { deliveryFeeOf, type FeeTable } from '../../shared/delivery-fee.ts';
import { allocate, assertMinor, basisPointsOf } from '../../shared/money.ts';

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
  feeTable: FeeTable;
  /** Basis points by tax category. Fees are taxed under `delivery` and `service`; a category without a rate bears none. */
  taxRates: Readonly<Record<string, number>>;
  /** Prices and fees contain the tax (inclusive), or it is added on top (exclusive). */
  pricesIncludeTax: boolean;
  serviceFeeMinor?: number | undefined;
  packagingFeeMinor?: number | undefined;
  /** Charged where the items come to less than the restaurant's threshold. */
  smallOrderFeeMinor?: number | undefined;
  tipMinor?: number | undefined;
}

export interface PricedLine {
  id: string;
  quantity: number;
  /** One piece with its options. */
  unitMinor: number;
  /** As on the menu: inclusive of tax or not, as `pricesIncludeTax` says. */
  subtotalMinor: number;
  taxCategory: string;
  taxMinor: number;
  /** What the line costs with its tax. */
  totalMinor: number;
}

export interface PricedTax {
  category: string;
  basisPoints: number;
  taxableMinor: number;
  taxMinor: number;
}

/**
 * `totalMinor = itemsMinor + deliveryFeeMinor + serviceFeeMinor + packagingFeeMinor + smallOrderFeeMinor - itemsDiscountMinor -
 * deliveryDiscountMinor + tipMinor (+ taxMinor when prices exclude it)`, exactly.
 */
export interface Breakdown {
  currency: string;
  pricesIncludeTax: boolean;
  lines: PricedLine[];
  itemsMinor: number;
  deliveryFeeMinor: number;
  serviceFeeMinor: number;
  packagingFeeMinor: number;
  smallOrderFeeMinor: number;
  /** What a coupon takes off the items, at most all of them. */
  itemsDiscountMinor: number;
  /** What a coupon takes off the delivery fee, at most all of it. */
  deliveryDiscountMinor: number;
  /** By category, in alphabetical order; their sum is `taxMinor`. */
  taxes: PricedTax[];
  taxMinor: number;
  tipMinor: number;
  totalMinor: number;
}

interface Charge {
  id: string;
  category: string;
  amountMinor: number;
}

/**
 * Every figure of a quote in whole minor units (domain.md section 1E). Tax is rounded once per category and spread over its
 * lines by the largest remainder, so lines add up to the category and the order of lines changes nothing. Tips bear no tax.
 * @throws RangeError for amounts that are negative, fractional or beyond safe integers, or a quantity below one.
 */
export function priceOrder(input: PricingInput): Breakdown {
  assertAmounts(input);
  const { currency, pricesIncludeTax, serviceFeeMinor = 0, tipMinor = 0 } = input;
  const itemCharges = input.lines.map(chargeOf);
  const itemsMinor = sum(itemCharges.map(({ amountMinor }) => amountMinor));
  const deliveryFeeMinor = deliveryFeeOf(input.feeTable, input.distanceMeters, itemsMinor);
  const charges = [
    ...itemCharges,
    { id: 'delivery', category: 'delivery', amountMinor: deliveryFeeMinor },
    { id: 'service', category: 'service', amountMinor: serviceFeeMinor },
  ];
  const { taxes, taxByCharge } = taxOf(charges, input);
  const taxMinor = sum(taxes.map((tax) => tax.taxMinor));
  return {
    currency,
    pricesIncludeTax,
    lines: input.lines.map((line) => pricedLine(line, taxByCharge.get(chargeOf(line).id) ?? 0, pricesIncludeTax)),
    itemsMinor,
    deliveryFeeMinor,
    serviceFeeMinor,
    packagingFeeMinor: 0,
    smallOrderFeeMinor: 0,
    itemsDiscountMinor: 0,
    deliveryDiscountMinor: 0,
    taxes,
    taxMinor,
    tipMinor,
    totalMinor: sum([itemsMinor, deliveryFeeMinor, serviceFeeMinor, tipMinor, pricesIncludeTax ? 0 : taxMinor]),
  };
}

function chargeOf(line: PricingLine): Charge {
  return { id: `line/${line.id}`, category: line.taxCategory, amountMinor: unitMinorOf(line) * line.quantity };
}

function unitMinorOf(line: PricingLine): number {
  return sum([line.unitPriceMinor, ...line.optionPricesMinor]);
}

function pricedLine(line: PricingLine, taxMinor: number, pricesIncludeTax: boolean): PricedLine {
  const unitMinor = unitMinorOf(line);
  const subtotalMinor = unitMinor * line.quantity;
  return {
    id: line.id,
    quantity: line.quantity,
    unitMinor,
    subtotalMinor,
    taxCategory: line.taxCategory,
    taxMinor,
    totalMinor: pricesIncludeTax ? subtotalMinor : subtotalMinor + taxMinor,
  };
}

function taxOf(charges: Charge[], input: PricingInput): { taxes: PricedTax[]; taxByCharge: Map<string, number> } {
  const taxByCharge = new Map<string, number>();
  const taxed = charges.filter(({ category, amountMinor }) => rateOf(input, category) > 0 && amountMinor > 0);
  const categories = [...new Set(taxed.map(({ category }) => category))].sort();
  const taxes = categories.map((category) => {
    // Sorted, so that a remainder goes to the same line whatever the order of the cart.
    const members = taxed.filter((charge) => charge.category === category).sort((a, b) => (a.id < b.id ? -1 : 1));
    const basisPoints = rateOf(input, category);
    const taxableMinor = sum(members.map(({ amountMinor }) => amountMinor));
    const taxMinor = input.pricesIncludeTax
      ? includedTaxOf(taxableMinor, basisPoints)
      : basisPointsOf(taxableMinor, basisPoints);
    const weights = members.map(({ amountMinor }) => amountMinor);
    allocate(taxMinor, weights).forEach((share, index) => {
      taxByCharge.set(members[index]?.id ?? '', share);
    });
    return { category, basisPoints, taxableMinor, taxMinor };
  });
  return { taxes, taxByCharge };
}

function rateOf(input: PricingInput, category: string): number {
  return Object.hasOwn(input.taxRates, category) ? (input.taxRates[category] ?? 0) : 0;
}

/** The tax contained in a gross amount, rounded half up. */
function includedTaxOf(grossMinor: number, basisPoints: number): number {
  const divisor = BigInt(10_000 + basisPoints);
  return Number((BigInt(grossMinor) * BigInt(basisPoints) * 2n + divisor) / (divisor * 2n));
}

function sum(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  assertMinor(total);
  return total;
}

function assertAmounts(input: PricingInput): void {
  const { lines, feeTable, serviceFeeMinor = 0, tipMinor = 0 } = input;
  const fees = feeTable.bands.map(({ feeMinor }) => feeMinor);
  const prices = lines.flatMap((line) => [line.unitPriceMinor, ...line.optionPricesMinor, line.quantity]);
  for (const amount of [...prices, ...fees, serviceFeeMinor, tipMinor]) {
    assertMinor(amount);
    if (amount < 0) throw new RangeError(`negative amount: ${amount}`);
  }
  for (const line of lines) {
    if (line.quantity < 1) throw new RangeError(`quantity below one: ${line.quantity}`);
    assertMinor(unitMinorOf(line) * line.quantity);
  }
  if (new Set(lines.map(({ id }) => id)).size < lines.length) throw new RangeError('two lines with one id');
}
