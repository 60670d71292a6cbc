import { allocate } from '../../shared/money.ts';
import type { PricedTax } from './breakdown.ts';
import { sum } from './sums.ts';

export interface Taxable {
  id: string;
  category: string;
  /** After the discount. */
  amountMinor: number;
}

interface Taxing {
  taxRates: Readonly<Record<string, number>>;
  pricesIncludeTax: boolean;
  taxParts?: number | undefined;
}

/**
 * Rounded once per category (and part) and spread over what stands in it by the largest remainder: the shares add up to the category,
 * and the order of the charges changes nothing.
 */
export function taxOf(charges: readonly Taxable[], taxing: Taxing) {
  const { taxRates } = taxing;
  const rateOf = (category: string): number => (Object.hasOwn(taxRates, category) ? (taxRates[category] ?? 0) : 0);
  const taxByCharge = new Map<string, number>();
  const taxed = charges.filter(({ category, amountMinor }) => rateOf(category) > 0 && amountMinor > 0);
  const categories = [...new Set(taxed.map(({ category }) => category))].sort();
  const taxes = categories.map((category): PricedTax => {
    const members = byId(taxed.filter((charge) => charge.category === category));
    const basisPoints = rateOf(category);
    const taxableMinor = sum(members.map(({ amountMinor }) => amountMinor));
    const taxMinor = roundedTaxOf(taxableMinor, basisPoints, taxing);
    const weights = members.map(({ amountMinor }) => amountMinor);
    allocate(taxMinor, weights).forEach((share, index) => taxByCharge.set(members[index]?.id ?? '', share));
    return { category, basisPoints, taxableMinor, taxMinor };
  });
  return { taxes, taxByCharge };
}

/** Sorted, so that a remainder goes to the same line whatever the order of the cart. */
export function byId<T extends { id: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Of each part half up: on top of the amount, or contained in it. */
function roundedTaxOf(amountMinor: number, basisPoints: number, { pricesIncludeTax, taxParts = 1 }: Taxing): number {
  const divisor = BigInt(taxParts) * BigInt(pricesIncludeTax ? 10_000 + basisPoints : 10_000);
  const partMinor = (BigInt(amountMinor) * BigInt(basisPoints) * 2n + divisor) / (divisor * 2n);
  return taxParts * Number(partMinor);
}
