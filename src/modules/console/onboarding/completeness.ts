/** What a restaurant must have before anybody looks at it. Pure. */
import type { FieldProblem } from '../../../errors/index.ts';
import { untaxedAmong } from '../../restaurants/index.ts';

interface Subject {
  modes: readonly string[];
  hours: readonly unknown[];
  taxRates: Readonly<Record<string, number>>;
  currency: string;
  deliveryAreas: readonly unknown[];
  feeBands: readonly unknown[];
}

interface Menu {
  orderableCount: number;
  currencies: readonly string[];
  taxCategories: readonly string[];
}

/** Empty: it can be handed in. The paths are those of the console's view, and `menu`. */
export function missingParts(restaurant: Subject, menu: Menu): FieldProblem[] {
  const { modes, hours, taxRates, currency, deliveryAreas, feeBands } = restaurant;
  const delivers = modes.includes('delivery');
  const problems: (FieldProblem | false)[] = [
    hours.length === 0 && missing('hours', 'When it is open.'),
    ...missingRates(taxRates, menu.taxCategories),
    delivers && deliveryAreas.length === 0 && feeBands.length === 0 && missing('feeBands', 'What delivery costs.'),
    menu.orderableCount === 0 && missing('menu', 'A dish that can be ordered.'),
    menu.currencies.some((priced) => priced !== currency) && {
      ...{ path: 'menu', code: 'other_currency', message: `All dishes must be priced in ${currency}.` },
    },
  ];
  return problems.filter((problem) => problem !== false);
}

/** Of a menu without dishes some rate all the same. */
function missingRates(taxRates: Subject['taxRates'], categories: readonly string[]): FieldProblem[] {
  if (categories.length === 0 && Object.keys(taxRates).length === 0) {
    return [missing('taxRates', 'The tax on its dishes, if only 0.')];
  }
  return untaxedAmong(taxRates, categories).map((category) =>
    missing(`taxRates.${category}`, `The tax on its dishes of the category ${category}, if only 0.`),
  );
}

function missing(path: string, message: string): FieldProblem {
  return { path, code: 'missing', message };
}
