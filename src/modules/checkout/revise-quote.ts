import { AppError, type FieldProblem } from '../../errors/index.ts';
import { priceCartLines, type PricedCartLine } from '../carts/index.ts';
import type { MenuItem } from '../menu/index.ts';
import type { OrderItem } from '../orders/index.ts';
import type { CouponTerms } from '../promotions/index.ts';
import type { RestaurantSnapshot, SlotCounts } from '../restaurants/index.ts';
import { assertInStock, assertMinimum, assertTakesOrder, type Appointment, type OrderableLine } from './can-order.ts';
import { changesOf, type QuoteChange } from './quote-changes.ts';
import { agreeTerms } from './quote-terms.ts';
import type { QuoteTerms } from './quote.model.ts';
import { toCartLine } from './to-cart-line.ts';

/** A signed quote keeps its composition, whatever the menu demands of new ones. */
const RULES_OF_NEW_LINES = ['size_required', 'too_few_options', 'too_many_options', 'parent_missing'];
/** What is left of a dish is asked once, for all lines together, by `assertInStock`. */
const NOT_ASKED_AGAIN = new Set([...RULES_OF_NEW_LINES, 'out_of_stock']);

/** What stands in the database at the moment of the purchase. */
export interface PresentState {
  restaurant: RestaurantSnapshot;
  /** Judged at the moment at which their kitchen would begin. */
  items: readonly MenuItem[];
  counts: SlotCounts;
  /** The quote's, where it still holds. */
  coupon: CouponTerms | null;
  at: Date;
}

export interface Revision {
  /** What would be promised now. */
  terms: QuoteTerms;
  appointment: Appointment;
  lines: OrderableLine[];
  /** Empty: the quote holds to the last unit. */
  changes: QuoteChange[];
}

/**
 * The quote once more, from what the database says now: what can be had on other terms is a change, and what cannot be had at all is
 * refused. A dish that is gone leaves the rest orderable.
 * @throws AppError `restaurant_unavailable`, `slot_unavailable`, `out_of_range`, `item_unavailable`, `out_of_stock`, `below_minimum`
 */
export function reviseQuote(quote: QuoteTerms, { restaurant, items, counts, coupon, at }: PresentState): Revision {
  const { customerId, deliveryAddress, slot: agreed, replacement } = quote;
  const appointment = assertTakesOrder(restaurant, { at, counts, deliveryAddress, slot: agreed });
  const { feeTable, minimumOrderMinor, slot } = appointment;
  const { lines, problems } = linesNow(quote.items, items);
  const gone = new AppError('item_unavailable', { details: problems });
  if (lines.length === 0) throw gone;
  assertInStock(quote.items, items);
  const { tipMinor } = quote.pricing;
  const terms = agreeTerms({
    ...{ customerId, restaurant, lines, deliveryAddress, slot, coupon, replacement, feeTable, tipMinor, at },
  });
  // The dish that is gone is why it is too little, and what the customer must hear of.
  if (problems.length > 0 && terms.pricing.itemsMinor < minimumOrderMinor) throw gone;
  assertMinimum(appointment, terms.pricing);
  return { terms, appointment, lines, changes: changesOf(quote, terms) };
}

/** The quoted lines with the menu of now, those left out that cannot be had. */
function linesNow(
  quoted: readonly OrderItem[],
  items: readonly MenuItem[],
): { lines: OrderableLine[]; problems: FieldProblem[] } {
  const priced = priceCartLines(quoted.map(toCartLine), items).map((line, index) => ({
    ...line,
    options: inQuotedOrder(line, quoted[index]),
    problems: line.problems
      .filter(({ code }) => !NOT_ASKED_AGAIN.has(code))
      .map((problem) => ({ ...problem, path: `lines.${index}.${problem.path}` })),
  }));
  const lines = priced.filter((line): line is OrderableLine => line.item !== null && line.problems.length === 0);
  return { lines, problems: priced.flatMap(({ problems }) => problems) };
}

/** A menu that only changed its order has changed nothing. */
function inQuotedOrder({ options }: PricedCartLine, quoted: OrderItem | undefined): PricedCartLine['options'] {
  const byId = new Map(options.map((option) => [option.id, option]));
  return (quoted?.options ?? []).flatMap(({ optionId }) => byId.get(optionId) ?? []);
}
