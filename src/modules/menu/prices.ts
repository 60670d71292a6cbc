import type { Money } from '../../shared/money.ts';
import type { GroupDraft } from './menu-rows.ts';

interface PriceAt {
  path: string;
  price: Money;
}

export function pricesOfSizes(sizes: readonly { price: Money }[], path = 'sizes'): PriceAt[] {
  return sizes.map(({ price }, index) => ({ path: `${path}.${index}.price`, price }));
}

/** Of all levels. */
export function pricesOfGroups(groups: readonly GroupDraft[], path = 'optionGroups'): PriceAt[] {
  return groups.flatMap(({ options }, group) =>
    options.flatMap(({ price, groups: nested = [] }, option) => {
      const at = `${path}.${group}.options.${option}`;
      return [{ path: `${at}.price`, price }, ...pricesOfGroups(nested, `${at}.groups`)];
    }),
  );
}
