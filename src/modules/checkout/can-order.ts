import { AppError, type FieldProblem } from '../../errors/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { lineProblems, type PricedCartLine } from '../carts/index.ts';
import type { MenuItem } from '../menu/index.ts';
import type { OrderItem } from '../orders/index.ts';
import { availabilityOf, type RestaurantSnapshot } from '../restaurants/index.ts';
import type { Breakdown } from './pricing.ts';

/** A signed quote keeps its composition, whatever the menu demands of new ones. */
const RULES_OF_NEW_LINES = new Set(['too_few_options', 'too_many_options']);

export type OrderableLine = PricedCartLine & { item: MenuItem };

interface OrderMoment {
  at: Date;
  point: GeoPoint;
}

/** @throws AppError `out_of_range`, or `restaurant_unavailable` with the reason and the next opening */
export function assertTakesOrder(restaurant: RestaurantSnapshot, { at, point }: OrderMoment): void {
  const { reason, nextOpenAt } = availabilityOf(restaurant, { at, point, mode: 'delivery' });
  if (reason === null) return;
  if (reason === 'out_of_range') throw new AppError('out_of_range');
  const details = { reason, nextOpenAt: nextOpenAt?.toISOString() ?? null };
  throw new AppError('restaurant_unavailable', { details });
}

/** @throws AppError `item_unavailable` */
export function orderableLines(lines: readonly PricedCartLine[]): OrderableLine[] {
  assertNoProblems(lines);
  return lines.filter((line): line is OrderableLine => line.item !== null);
}

/** Has anything of the quote sold out since? @throws AppError `item_unavailable` */
export function assertStillCookable(quoted: readonly OrderItem[], items: readonly MenuItem[]): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  const lines = quoted.map(({ itemId, options }) => {
    const optionIds = options.map(({ optionId }) => optionId);
    const problems = lineProblems(byId.get(itemId) ?? null, optionIds);
    return { problems: problems.filter(({ code }) => !RULES_OF_NEW_LINES.has(code)) };
  });
  assertNoProblems(lines);
}

/** @throws AppError `below_minimum` */
export function assertMinimum(minimumMinor: number, { itemsMinor, currency }: Breakdown): void {
  if (itemsMinor >= minimumMinor) return;
  throw new AppError('below_minimum', { details: { minimumMinor, subtotalMinor: itemsMinor, currency } });
}

/** Names every line and every reason at once. */
function assertNoProblems(lines: readonly { problems: readonly FieldProblem[] }[]): void {
  const details = lines.flatMap(({ problems }, index) =>
    problems.map((problem) => ({ ...problem, path: `lines.${index}.${problem.path}` })),
  );
  if (details.length > 0) throw new AppError('item_unavailable', { details });
}
