import type { FieldProblem } from '../../errors/index.ts';
import { unitPriceOf, validateSelection, type MenuItem, type MenuOption, type MenuSize } from '../menu/index.ts';
import type { PricingLine } from '../pricing/index.ts';
import type { CouponLine } from '../promotions/index.ts';
import type { CartLine } from './cart.model.ts';

/** A line with today's menu. It is priced also when it cannot be ordered, so that the customer sees what is wrong with what. */
export interface PricedCartLine extends CartLine {
  /** null: no longer on the menu; then every price is zero. */
  item: MenuItem | null;
  size: MenuSize | null;
  /** In the order of the menu. */
  options: MenuOption[];
  /** One piece in its size, with its options. */
  unitPriceMinor: number;
  lineTotalMinor: number;
  /** Paths are relative to the line. Empty: it can be ordered, now or for the slot that was asked for. */
  problems: FieldProblem[];
}

/** What of an item is wanted. */
export interface Choice {
  sizeId?: string | undefined;
  optionIds: readonly string[];
}

export function priceCartLines(lines: readonly CartLine[], items: readonly MenuItem[]): PricedCartLine[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const short = shortOfStock(lines, items);
  return lines.map((line) => {
    const item = byId.get(line.itemId) ?? null;
    const { size, options } = selectionOf(item, line);
    const unitPriceMinor = item === null ? 0 : unitPriceOf(item, { size, options });
    const problems = lineProblems(item, line);
    return {
      ...line,
      ...{ item, size, options, unitPriceMinor },
      lineTotalMinor: unitPriceMinor * line.quantity,
      problems: problems.length > 0 ? problems : (short.get(line.itemId) ?? []),
    };
  });
}

/** For the pricing engine. What is no longer on the menu costs nothing. */
export function pricingLinesOf(lines: readonly PricedCartLine[]): PricingLine[] {
  return lines.flatMap(({ id, item, size, options, quantity }) => {
    if (item === null) return [];
    const { taxCategory } = item;
    const optionPricesMinor = options.map(({ priceMinor }) => priceMinor);
    return [{ id, unitPriceMinor: size?.priceMinor ?? item.priceMinor, optionPricesMinor, quantity, taxCategory }];
  });
}

/** For the judgement of a coupon. */
export function couponLinesOf(lines: readonly PricedCartLine[]): CouponLine[] {
  return lines.flatMap(({ id, itemId, item, lineTotalMinor }) =>
    item === null ? [] : [{ id, itemId, categoryId: item.categoryId, subtotalMinor: lineTotalMinor }],
  );
}

/** What stands in too large numbers in all lines together, by item. An item that is not counted never does. */
export function shortOfStock(
  lines: readonly { itemId: string; quantity: number }[],
  items: readonly Pick<MenuItem, 'id' | 'stock' | 'name'>[],
): Map<string, FieldProblem[]> {
  const short = items.flatMap(({ id, stock, name }): [string, FieldProblem[]][] => {
    const wanted = lines.reduce((sum, { itemId, quantity }) => (itemId === id ? sum + quantity : sum), 0);
    if (stock === null || wanted <= stock) return [];
    return [[id, [{ path: 'quantity', code: 'out_of_stock', message: `Of ${name} there are ${stock} left.` }]]];
  });
  return new Map(short);
}

/** Why this item cannot be ordered so at the moment that it is judged for. Empty: it can. */
export function lineProblems(item: MenuItem | null, choice: Choice): FieldProblem[] {
  if (item === null) {
    return [{ path: 'itemId', code: 'item_removed', message: 'This item is no longer on the menu.' }];
  }
  return [...itemProblems(item), ...selectionOf(item, choice).problems];
}

function selectionOf(item: MenuItem | null, { optionIds, sizeId }: Choice) {
  if (item === null) return { size: null, options: [], problems: [] };
  return validateSelection(item, optionIds, sizeId ?? null);
}

const WHY = {
  sold_out: 'is sold out',
  out_of_stock: 'is sold out',
  choices_sold_out: 'cannot be had: too little of what must be chosen with it is left',
  outside_mealtime: 'is not served at that hour',
} as const;

function itemProblems({ name, isAvailable, reason }: MenuItem): FieldProblem[] {
  if (isAvailable) return [];
  const code = reason ?? 'sold_out';
  return [{ path: 'itemId', code, message: `${name} ${WHY[code]}.` }];
}
