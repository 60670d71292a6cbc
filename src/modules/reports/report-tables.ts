import { decimalOf } from '../../shared/money.ts';
import { marked } from '../../shared/spreadsheet-cell.ts';
import type { MadeRefund, SoldOrder } from './report-sources.queries.ts';

/** Rows that are added up under one key: words first, sums behind them. */
export class Sums {
  private readonly rows = new Map<string, { words: readonly string[]; sums: number[]; currency: string }>();

  add({ words, currency }: { words: readonly string[]; currency: string }, amounts: readonly number[]): void {
    const key = JSON.stringify([words, currency]);
    const row = this.rows.get(key) ?? { words, currency, sums: amounts.map(() => 0) };
    row.sums = row.sums.map((sum, index) => sum + (amounts[index] ?? 0));
    this.rows.set(key, row);
  }

  /** In the order of their keys. The first sum is a count, the others are amounts. */
  toCells(): string[][] {
    const sorted = [...this.rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(
      ([
        ,
        {
          words,
          sums: [count = 0, ...amounts],
          currency,
        },
      ]) => [...words.map(marked), currency, String(count), ...amounts.map((amount) => decimalOf(amount, currency))],
    );
  }
}

export const REPORT_COLUMNS = {
  sales: [
    'day',
    'restaurant id',
    'restaurant',
    'currency',
    'orders',
    'items',
    'discount',
    'fees',
    'tax',
    'tips',
    'due',
  ],
  taxes: ['month', 'city', 'category', 'basis points', 'currency', 'orders', 'taxable', 'tax'],
  refunds: ['liable party', 'cause', 'currency', 'refunds', 'amount'],
} as const;

export function addSale(sums: Sums, order: SoldOrder, day: string): void {
  const { pricing, currency, restaurant, restaurantId, amountDueMinor } = order;
  const { deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor } = pricing;
  const discountMinor = pricing.itemsDiscountMinor + pricing.deliveryDiscountMinor;
  const feesMinor = deliveryFeeMinor + serviceFeeMinor + packagingFeeMinor + smallOrderFeeMinor;
  sums.add({ words: [day, restaurantId, restaurant.name], currency }, [
    ...[1, pricing.itemsMinor, discountMinor, feesMinor, pricing.taxMinor, pricing.tipMinor, amountDueMinor],
  ]);
}

export function addTaxes(
  sums: Sums,
  { pricing, currency }: SoldOrder,
  { month, city }: { month: string; city: string },
): void {
  for (const { category, basisPoints, taxableMinor, taxMinor } of pricing.taxes) {
    // What is taxed, before the tax, wherever prices contain it.
    const netMinor = taxableMinor - (pricing.pricesIncludeTax ? taxMinor : 0);
    sums.add({ words: [month, city, category, String(basisPoints)], currency }, [1, netMinor, taxMinor]);
  }
}

export function addRefund(sums: Sums, { liableParty, cause, currency, amountMinor }: MadeRefund): void {
  sums.add({ words: [liableParty, cause], currency }, [1, amountMinor]);
}
