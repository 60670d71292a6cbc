import { AppError, type FieldProblem } from '../../errors/index.ts';
import { untaxedOnSale, type RestaurantSnapshot } from '../restaurants/index.ts';

interface Taxed {
  /** Of its tax category. */
  path: string;
  taxCategory: string;
}

type Taxing = Pick<RestaurantSnapshot, 'status' | 'taxRates'>;

/** Dishes of a restaurant on sale whose tax nobody knows. Pure. */
export function taxProblems(restaurant: Taxing, items: readonly Taxed[]): FieldProblem[] {
  const untaxed = untaxedOnSale(
    restaurant,
    items.map(({ taxCategory }) => taxCategory),
  );
  return items.flatMap(({ path, taxCategory }) => {
    if (!untaxed.includes(taxCategory)) return [];
    const message = `The restaurant has no tax rate for ${taxCategory}: set taxRates.${taxCategory} first, if only to 0.`;
    return [{ path, code: 'tax_rate_missing', message }];
  });
}

/** @throws AppError `tax_rate_missing`, naming each of them */
export function assertTaxed(restaurant: Taxing, items: readonly Taxed[]): void {
  const details = taxProblems(restaurant, items);
  if (details.length > 0) throw new AppError('tax_rate_missing', { details });
}
