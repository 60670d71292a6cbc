import { AppError, type FieldProblem } from '../../../errors/index.ts';
import { newId } from '../../../shared/ids.ts';
import { lineProblems } from '../../carts/index.ts';
import { findMenuItems, unitPriceOf, validateSelection, type MenuItem } from '../../menu/index.ts';
import type { OrderItem, OrderRecord } from '../order.model.ts';
import type { AmendmentChange, Substitute } from './amendment.model.ts';

/** A change as a kitchen asks for it. */
export type WantedChange =
  | { kind: 'remove'; lineId: string; isSoldOut: boolean }
  | { kind: 'reduce'; lineId: string; isSoldOut: boolean; quantity: number }
  | {
      kind: 'substitute';
      lineId: string;
      isSoldOut: boolean;
      itemId: string;
      sizeId?: string | undefined;
      optionIds: string[];
      quantity?: number | undefined;
    };

interface ReadChanges {
  changes: AmendmentChange[];
  /** Of the substitutes. */
  dishes: MenuItem[];
}

/** With the dishes of the menu in it. @throws AppError `amendment_invalid`, naming each change that does not fit the order or the menu */
export async function readChanges(order: OrderRecord, wanted: readonly WantedChange[]): Promise<ReadChanges> {
  const itemIds = wanted.flatMap((change) => (change.kind === 'substitute' ? [change.itemId] : []));
  const dishes = new Map((await findMenuItems(order.restaurantId, itemIds)).map((dish) => [dish.id, dish]));
  const lines = new Map(order.items.map((item) => [item.lineId, item]));
  const seen = new Set<string>();
  const problems: FieldProblem[] = [];
  const changes = wanted.flatMap((change, index) => {
    const line = lines.get(change.lineId);
    const dish = change.kind === 'substitute' ? (dishes.get(change.itemId) ?? null) : null;
    const found = line === undefined || seen.has(change.lineId) ? [NO_LINE] : problemsOf(change, line, dish);
    problems.push(...found.map((problem) => ({ ...problem, path: `changes.${index}.${problem.path}` })));
    seen.add(change.lineId);
    return line === undefined || found.length > 0 ? [] : [toChange(change, line, dish)];
  });
  if (problems.length > 0) throw new AppError('amendment_invalid', { details: problems });
  return { changes, dishes: [...dishes.values()] };
}

const NO_LINE = { path: 'lineId', code: 'unknown_line', message: 'The order has no such line, or it is named twice.' };
const NOT_FEWER = { path: 'quantity', code: 'not_fewer', message: 'There must be fewer than were ordered.' };

function problemsOf(change: WantedChange, line: OrderItem, dish: MenuItem | null): FieldProblem[] {
  if (change.kind === 'reduce') return change.quantity < line.quantity ? [] : [NOT_FEWER];
  return change.kind === 'substitute' ? lineProblems(dish, change) : [];
}

function toChange(change: WantedChange, line: OrderItem, dish: MenuItem | null): AmendmentChange {
  const { kind, lineId, isSoldOut } = change;
  if (kind === 'reduce') return { kind, lineId, isSoldOut, quantity: change.quantity };
  if (kind === 'remove' || dish === null) return { kind: 'remove', lineId, isSoldOut };
  return { kind, lineId, isSoldOut, substitute: toSubstitute(change, dish, change.quantity ?? line.quantity) };
}

function toSubstitute(
  choice: { sizeId?: string | undefined; optionIds: string[] },
  dish: MenuItem,
  quantity: number,
): Substitute {
  const { size, options } = validateSelection(dish, choice.optionIds, choice.sizeId ?? null);
  return {
    ...{ lineId: newId(), itemId: dish.id, name: dish.name, quantity, taxCategory: dish.taxCategory },
    unitPriceMinor: unitPriceOf(dish, { size, options }),
    ...(size === null ? {} : { size: { sizeId: size.id, name: size.name, priceMinor: size.priceMinor } }),
    options: options.map(({ id: optionId, name, priceMinor }) => ({ optionId, name, priceMinor })),
  };
}
