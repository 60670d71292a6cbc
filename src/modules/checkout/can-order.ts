import { AppError, type FieldProblem } from '../../errors/index.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { lineProblems, shortOfStock, type PricedCartLine } from '../carts/index.ts';
import type { MenuItem } from '../menu/index.ts';
import type { OrderItem } from '../orders/index.ts';
import {
  availabilityOf,
  deliveryTermsAt,
  fullAt,
  type DeliveryTerms,
  type RestaurantSnapshot,
  type SlotCounts,
  type UnavailableReason,
} from '../restaurants/index.ts';
import type { Breakdown } from '../pricing/index.ts';

/** A signed quote keeps its composition, whatever the menu demands of new ones. */
const RULES_OF_NEW_LINES = ['size_required', 'too_few_options', 'too_many_options', 'parent_missing'];
/** What is left of a dish is asked once, for all lines together, by `assertInStock`. */
const NOT_ASKED_AGAIN = new Set([...RULES_OF_NEW_LINES, 'out_of_stock']);

export type OrderableLine = PricedCartLine & { item: MenuItem };

interface OrderMoment {
  at: Date;
  point: GeoPoint;
  slot?: SlotCounts | undefined;
}

/**
 * @returns the terms on which it delivers there
 * @throws AppError `out_of_range`, or `restaurant_unavailable` with the reason and the next opening
 */
export function assertTakesOrder(restaurant: RestaurantSnapshot, moment: OrderMoment): DeliveryTerms {
  const { reason, nextOpenAt } = availabilityOf(restaurant, { ...moment, mode: 'delivery' });
  const terms = deliveryTermsAt(restaurant, moment.point);
  if (reason === null && terms !== null) return terms;
  if (reason === null || reason === 'out_of_range') throw new AppError('out_of_range');
  throw unavailable(reason, nextOpenAt);
}

/** For the loser of a race for the last place of a slot. */
export function kitchenFull(restaurant: RestaurantSnapshot, at: Date): AppError {
  const slot = fullAt(restaurant, at);
  return unavailable('capacity_full', availabilityOf(restaurant, { at, slot }).nextOpenAt);
}

function unavailable(reason: UnavailableReason, nextOpenAt: Date | null): AppError {
  return new AppError('restaurant_unavailable', { details: { reason, nextOpenAt: nextOpenAt?.toISOString() ?? null } });
}

/** @throws AppError `item_unavailable` */
export function orderableLines(lines: readonly PricedCartLine[]): OrderableLine[] {
  assertNoProblems(lines);
  return lines.filter((line): line is OrderableLine => line.item !== null);
}

/** Has anything of the quote sold out since? @throws AppError `item_unavailable` */
export function assertStillCookable(quoted: readonly OrderItem[], items: readonly MenuItem[]): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  const lines = quoted.map(({ itemId, size, options }) => {
    const optionIds = options.map(({ optionId }) => optionId);
    const problems = lineProblems(byId.get(itemId) ?? null, { sizeId: size?.sizeId, optionIds });
    return { problems: problems.filter(({ code }) => !NOT_ASKED_AGAIN.has(code)) };
  });
  assertNoProblems(lines);
}

/**
 * Are there as many left as the lines together take? The claim in the order's transaction decides; this spares it.
 * @throws AppError `out_of_stock`
 */
export function assertInStock(quoted: readonly OrderItem[], items: readonly MenuItem[]): void {
  const short = shortOfStock(quoted, items);
  if (short.size === 0) return;
  const lines = quoted.map(({ itemId }) => ({ problems: short.get(itemId) ?? [] }));
  throw new AppError('out_of_stock', { details: namedByLine(lines) });
}

/** @throws AppError `below_minimum` */
export function assertMinimum(minimumMinor: number, { itemsMinor, currency }: Breakdown): void {
  if (itemsMinor >= minimumMinor) return;
  throw new AppError('below_minimum', { details: { minimumMinor, subtotalMinor: itemsMinor, currency } });
}

/** Names every line and every reason at once. */
function assertNoProblems(lines: readonly { problems: readonly FieldProblem[] }[]): void {
  const details = namedByLine(lines);
  if (details.length > 0) throw new AppError('item_unavailable', { details });
}

function namedByLine(lines: readonly { problems: readonly FieldProblem[] }[]): FieldProblem[] {
  return lines.flatMap(({ problems }, index) =>
    problems.map((problem) => ({ ...problem, path: `lines.${index}.${problem.path}` })),
  );
}
