import { config } from '../../config/index.ts';
import { AppError, type FieldProblem } from '../../errors/index.ts';
import type { FeeTable } from '../../shared/delivery-fee.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { shortOfStock, type PricedCartLine } from '../carts/index.ts';
import type { MenuItem } from '../menu/index.ts';
import type { OrderItem } from '../orders/index.ts';
import type { Breakdown } from '../pricing/index.ts';
import {
  availabilityOf,
  deliveryTermsAt,
  fullAt,
  slotFrom,
  type AskedSlot,
  type RestaurantSnapshot,
  type SlotCounts,
  type UnavailableReason,
} from '../restaurants/index.ts';

export type OrderableLine = PricedCartLine & { item: MenuItem };

/** How, where to and for when somebody wants to be fed. */
interface OrderWish {
  /** Now. */
  at: Date;
  /** Null: the customer collects. */
  deliveryAddress: { location: GeoPoint } | null;
  /** Absent: as soon as possible. */
  slot?: { startAt: Date } | null | undefined;
  /** Orders taken by slot, from `at` on. */
  counts?: SlotCounts | undefined;
}

/** On what terms a restaurant takes the order. */
export interface Appointment {
  /** Null where the customer collects. */
  feeTable: FeeTable | null;
  /** 0 where the customer collects: a minimum is asked for a courier's way. */
  minimumOrderMinor: number;
  slot: AskedSlot | null;
  /** The instant whose kitchen capacity it takes. */
  beginsAt: Date;
}

/** @throws AppError `out_of_range`; `restaurant_unavailable` with the reason and the next opening; `slot_unavailable` */
export function assertTakesOrder(restaurant: RestaurantSnapshot, wish: OrderWish): Appointment {
  const slot = wish.slot == null ? null : assertSlot(restaurant, wish, wish.slot.startAt);
  if (slot === null) assertOpen(restaurant, wish);
  return { ...termsOf(restaurant, wish), slot, beginsAt: slot?.beginsAt ?? wish.at };
}

function termsOf(restaurant: RestaurantSnapshot, { deliveryAddress }: OrderWish) {
  if (deliveryAddress === null) return { feeTable: null, minimumOrderMinor: 0 };
  const terms = deliveryTermsAt(restaurant, deliveryAddress.location);
  if (terms === null) throw new AppError('out_of_range');
  return terms;
}

function assertOpen(restaurant: RestaurantSnapshot, wish: OrderWish): void {
  const { reason, nextOpenAt } = availabilityOf(restaurant, { at: wish.at, ...questionOf(wish) });
  if (reason === 'out_of_range') throw new AppError('out_of_range');
  if (reason !== null) throw unavailable(reason, nextOpenAt);
}

function assertSlot(restaurant: RestaurantSnapshot, wish: OrderWish, startAt: Date): AskedSlot {
  const { slotHorizonMs: horizonMs } = config.orders;
  const slot = slotFrom(restaurant, startAt, { now: wish.at, horizonMs, ...questionOf(wish) });
  if (slot === null) throw slotUnavailable('no_such_slot');
  if (slot.reason === null) return slot;
  if (slot.reason === 'out_of_range') throw new AppError('out_of_range');
  // What waiting cannot change is said as of an order for now; anything else asks for another slot.
  const isLasting = slot.reason === 'not_live' || slot.reason === 'mode_unavailable';
  throw isLasting ? unavailable(slot.reason as UnavailableReason, null) : slotUnavailable(slot.reason);
}

function questionOf({ deliveryAddress, counts: slot }: OrderWish) {
  if (deliveryAddress === null) return { slot, mode: 'collection' } as const;
  return { slot, mode: 'delivery', point: deliveryAddress.location } as const;
}

/** For the loser of a race for the last place of a slot. */
export function kitchenFull(restaurant: RestaurantSnapshot, { slot, beginsAt }: Appointment): AppError {
  if (slot !== null) return slotUnavailable('capacity_full');
  const full = fullAt(restaurant, beginsAt);
  return unavailable('capacity_full', availabilityOf(restaurant, { at: beginsAt, slot: full }).nextOpenAt);
}

function slotUnavailable(reason: string): AppError {
  return new AppError('slot_unavailable', { details: { reason } });
}

function unavailable(reason: UnavailableReason, nextOpenAt: Date | null): AppError {
  return new AppError('restaurant_unavailable', { details: { reason, nextOpenAt: nextOpenAt?.toISOString() ?? null } });
}

/** Names every line and every reason at once. @throws AppError `item_unavailable` */
export function orderableLines(lines: readonly PricedCartLine[]): OrderableLine[] {
  const details = namedByLine(lines);
  if (details.length > 0) throw new AppError('item_unavailable', { details });
  return lines.filter((line): line is OrderableLine => line.item !== null);
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
export function assertMinimum(
  { minimumOrderMinor: minimumMinor }: Appointment,
  { itemsMinor, currency }: Breakdown,
): void {
  if (itemsMinor >= minimumMinor) return;
  throw new AppError('below_minimum', { details: { minimumMinor, subtotalMinor: itemsMinor, currency } });
}

function namedByLine(lines: readonly { problems: readonly FieldProblem[] }[]): FieldProblem[] {
  return lines.flatMap(({ problems }, index) =>
    problems.map((problem) => ({ ...problem, path: `lines.${index}.${problem.path}` })),
  );
}
