import { allocate } from '../../../shared/money.ts';
import type { PricedTax } from '../../pricing/index.ts';
import type { BilledOrder, BilledRefund } from './bill.ts';
import { grossOf, sum, type Charge } from './charges.ts';

/** What an issuer gives back by one credit note. */
export interface Credit {
  /** The dishes that it names, at what was charged for them; none where it is an amount. */
  dishes: Charge[];
  /** By category, where there is tax in it. */
  taxes: PricedTax[];
}

interface Sale {
  order: BilledOrder;
  charges: readonly Charge[];
  /** In so many equal parts the tax is shown. */
  taxParts: number;
}

/** Of a category: what was charged, tax included, the tax in it, and what the notes have given back so far. */
interface Sold {
  category: string;
  soldMinor: number;
  soldTaxMinor: number;
  creditedMinor: number;
}

interface NamedDish {
  charge: Charge;
  quantity: number;
  grossMinor: number;
}

/**
 * What the credit notes of one sale say, oldest first, so that no later one changes what was said. Dishes that a refund names give back
 * their own tax; an amount gives back that of all categories, by what is left of each. Per category the tax is taken from the sums: all
 * notes together never give back more than was charged, and exactly that once everything is. What goes beyond the sale is goodwill, and
 * bears none. Pure.
 */
export function creditsOf(sale: Sale, refunds: readonly BilledRefund[]): Credit[] {
  const categories = soldOf(sale);
  return refunds.map((refund) => {
    const named = namedDishes(sale, refund);
    const left = categories.map(({ soldMinor, creditedMinor }) => soldMinor - creditedMinor);
    const asNamed = categories.map(({ category }) => sum(ofCategory(named, category).map((dish) => dish.grossMinor)));
    // What an earlier amount has given back already is not given back again under a dish's name.
    const isNamed = named.length > 0 && asNamed.every((minor, index) => minor <= (left[index] ?? 0));
    const shares = isNamed ? asNamed : allocate(Math.min(refund.amountMinor, sum(left)), left);
    const taxes = categories.map((sold, index) => creditOne(sold, shares[index] ?? 0, sale));
    return {
      dishes: isNamed ? taxes.flatMap((tax) => taxedDishes(ofCategory(named, tax.category), tax, sale)) : [],
      taxes: taxes.filter(({ taxMinor }) => taxMinor !== 0),
    };
  });
}

function soldOf({ charges, order }: Sale): Sold[] {
  const byCategory = Map.groupBy(charges, ({ category }) => category);
  return [...byCategory].map(([category, members]) => ({
    ...{ category, creditedMinor: 0, soldMinor: sum(members.map((charge) => grossOf(charge, order))) },
    soldTaxMinor: sum(members.map(({ taxMinor }) => taxMinor)),
  }));
}

/** Together the refund; none where one of them is not of this issuer's. */
function namedDishes({ charges, order }: Sale, { lines, amountMinor }: BilledRefund): NamedDish[] {
  const quantities = new Map<string, number>();
  for (const { lineId, quantity } of lines) quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity);
  const named = charges.flatMap((charge) => {
    const quantity = quantities.get(charge.lineId ?? '') ?? 0;
    return quantity === 0 ? [] : [{ charge, quantity }];
  });
  if (named.length < quantities.size) return [];
  const weights = named.map(({ charge, quantity }) =>
    Math.round((grossOf(charge, order) * quantity) / charge.quantity),
  );
  const shares = allocate(amountMinor, weights);
  return named.map((dish, index) => ({ ...dish, grossMinor: shares[index] ?? 0 }));
}

function ofCategory(dishes: readonly NamedDish[], category: string): NamedDish[] {
  return dishes.filter(({ charge }) => charge.category === category);
}

/** Each part of the tax by itself, as it was priced. */
function creditOne(sold: Sold, shareMinor: number, { order, taxParts }: Sale): PricedTax {
  const { category, soldMinor, soldTaxMinor, creditedMinor } = sold;
  const { pricesIncludeTax, taxRates } = order.pricing;
  const parts = soldTaxMinor % taxParts === 0 ? taxParts : 1;
  const upTo = (minor: number): number => parts * shareOf(soldTaxMinor / parts, minor, soldMinor);
  const taxMinor = upTo(creditedMinor + shareMinor) - upTo(creditedMinor);
  sold.creditedMinor += shareMinor;
  const taxableMinor = shareMinor - (pricesIncludeTax ? 0 : taxMinor);
  return { category, basisPoints: taxRates[category] ?? 0, taxableMinor, taxMinor };
}

/** Rounded half up. */
function shareOf(totalMinor: number, partMinor: number, wholeMinor: number): number {
  if (wholeMinor === 0) return 0;
  const whole = BigInt(wholeMinor);
  return Number((BigInt(totalMinor) * BigInt(partMinor) * 2n + whole) / (whole * 2n));
}

/** The tax of the category, spread over them. */
function taxedDishes(dishes: readonly NamedDish[], { taxMinor }: PricedTax, { order }: Sale): Charge[] {
  const taxes = allocate(
    taxMinor,
    dishes.map(({ grossMinor }) => grossMinor),
  );
  return dishes.map(({ charge, quantity, grossMinor }, index) => {
    const dishTaxMinor = taxes[index] ?? 0;
    const netMinor = grossMinor - (order.pricing.pricesIncludeTax ? 0 : dishTaxMinor);
    return { ...charge, quantity, netMinor, taxMinor: dishTaxMinor };
  });
}
