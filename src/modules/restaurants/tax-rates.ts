import type { RestaurantStatus } from './restaurant.machine.ts';

interface Taxing {
  status: RestaurantStatus;
  taxRates: Readonly<Record<string, number>>;
}

/** What has no rate would be sold untaxed without a word; 0 must be said. */
export function untaxedAmong(taxRates: Taxing['taxRates'], categories: readonly string[]): string[] {
  return [...new Set(categories)].filter((category) => !Object.hasOwn(taxRates, category));
}

/** The same where dishes are on sale, or will be again without another look: before that it is asked when it is handed in. */
export function untaxedOnSale({ status, taxRates }: Taxing, categories: readonly string[]): string[] {
  return status === 'live' || status === 'suspended' ? untaxedAmong(taxRates, categories) : [];
}
