import { allocate } from '../../../shared/money.ts';
import type { Breakdown, PricedTax } from '../../pricing/index.ts';
import { categoryName, type Pair } from './bill.ts';
import { columnsOf, type Table } from './paper.ts';
import type { Style } from './style.ts';

/** By rate, as France asks (CGI, annexe II, article 242 nonies A): what is taxed, before the tax, and the tax in the parts of the place. */
export function taxTable(taxes: readonly PricedTax[], { pricesIncludeTax }: Breakdown, style: Style): Table {
  const { texts, taxName, taxParts, money } = style;
  const how = pricesIncludeTax ? texts.included : texts.added;
  const share = 0.5 / (taxParts.length + 1);
  return {
    columns: columnsOf(
      [`${taxName} (${how})`, 0.3],
      [texts.rate, 0.2],
      [texts.taxable, share],
      ...taxParts.map((part): [string, number] => [part, share]),
    ),
    rows: [...Map.groupBy(taxes, ({ basisPoints }) => basisPoints)].map(([basisPoints, members]) => {
      const taxedMinor = members.reduce((sum, { taxableMinor }) => sum + taxableMinor, 0);
      const taxMinor = members.reduce((sum, tax) => sum + tax.taxMinor, 0);
      return {
        cells: [
          members.map(({ category }) => categoryName(category, style)).join(', '),
          rateOfParts(basisPoints, style),
          money(taxedMinor - (pricesIncludeTax ? taxMinor : 0)),
          ...taxPairs(members, style).map(([, partMinor]) => money(partMinor)),
        ],
        detail: '',
      };
    }),
  };
}

/** The tax of several categories in the parts of the place: the sums of the columns above. */
export function taxPairs(taxes: readonly PricedTax[], style: Style): Pair[] {
  const parts = taxes.map(({ taxMinor }) => partsOf(taxMinor, style));
  return style.taxParts.map((name, index) => [name, parts.reduce((sum, of) => sum + (of[index] ?? 0), 0)]);
}

/** Equal: a tax is priced so (`taxPartsOf`). What is left of an order from before that is the first one's: together what is stored. */
function partsOf(taxMinor: number, { taxParts }: Style): number[] {
  return allocate(
    taxMinor,
    taxParts.map(() => 1),
  );
}

function rateOfParts(basisPoints: number, { taxParts, percent }: Style): string {
  return taxParts.map(() => percent(basisPoints / taxParts.length)).join(' + ');
}
