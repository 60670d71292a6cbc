import type { FieldProblem } from '../../errors/index.ts';
import { validateSelection, type MenuItem, type MenuOption } from '../menu/index.ts';
import type { CartLine } from './cart.model.ts';

/** A line with today's menu. It is priced also when it cannot be ordered, so that the customer sees what is wrong with what. */
export interface PricedCartLine extends CartLine {
  /** null: no longer on the menu; then every price is zero. */
  item: MenuItem | null;
  /** In the order of the menu. */
  options: MenuOption[];
  /** One piece with its options. */
  unitPriceMinor: number;
  lineTotalMinor: number;
  /** Paths are relative to the line. Empty: it can be ordered now. */
  problems: FieldProblem[];
}

export function priceCartLines(lines: readonly CartLine[], items: readonly MenuItem[]): PricedCartLine[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return lines.map((line) => {
    const item = byId.get(line.itemId) ?? null;
    const options = item === null ? [] : validateSelection(item, line.optionIds).options;
    const optionsMinor = options.reduce((sum, option) => sum + option.priceMinor, 0);
    const unitPriceMinor = (item?.priceMinor ?? 0) + optionsMinor;
    return {
      ...line,
      item,
      options,
      unitPriceMinor,
      lineTotalMinor: unitPriceMinor * line.quantity,
      problems: lineProblems(item, line.optionIds),
    };
  });
}

/** Why this item with these options cannot be ordered now. Empty: it can. */
export function lineProblems(item: MenuItem | null, optionIds: readonly string[]): FieldProblem[] {
  if (item === null) {
    return [{ path: 'itemId', code: 'item_removed', message: 'This item is no longer on the menu.' }];
  }
  return [...soldOutProblems(item), ...validateSelection(item, optionIds).problems];
}

function soldOutProblems(item: MenuItem): FieldProblem[] {
  if (item.isAvailable) return [];
  return [{ path: 'itemId', code: 'sold_out', message: `${item.name} is sold out.` }];
}
