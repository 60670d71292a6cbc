import type { OrderItem, OrderRecord } from '../../orders/index.ts';
import type { Breakdown, PricedLine } from '../../pricing/index.ts';
import type { Total } from './paper.ts';
import { styleOf, type Style } from './style.ts';

/** What an order's documents are made of. Every figure stands in the order, or in a refund of its payment. */
export type BilledOrder = Pick<
  OrderRecord,
  | '_id'
  | 'number'
  | 'items'
  | 'mode'
  | 'coupon'
  | 'pricing'
  | 'amountDueMinor'
  | 'restaurant'
  | 'restaurantId'
  | 'paymentMethod'
  | 'status'
  | 'tippedMinor'
  | 'currency'
> & { endedAt: Date };

/** Made, and not what the money of an amended order followed: that is not due in the first place. */
export interface BilledRefund {
  id: string;
  amountMinor: number;
  liableParty: string;
  /** The dishes that it is for; none: an amount. */
  lines: readonly { lineId: string; quantity: number }[];
  at: Date;
}

/** Name and options of what a line is for, with what an option adds to the price of a piece. */
export function namedLine(
  { items }: BilledOrder,
  line: PricedLine,
  { money }: Style,
): { name: string; detail: string } {
  const item = items.find(({ lineId }) => lineId === line.id);
  const options = item?.options.map(({ name, priceMinor }) =>
    priceMinor === 0 ? name : `${name} (${money(priceMinor)})`,
  );
  return { name: item === undefined ? '' : nameOf(item), detail: options?.join(', ') ?? '' };
}

function nameOf({ name, size }: OrderItem): string {
  return size === undefined ? name : `${name}, ${size.name}`;
}

export function categoryName(category: string, { texts }: Style): string {
  return texts.categories[category] ?? category;
}

export function rateOf({ taxRates }: Breakdown, category: string, style: Style): string {
  const basisPoints = taxRates[category];
  return basisPoints === undefined ? '' : style.percent(basisPoints);
}

export function styleOfOrder({ restaurant, currency }: BilledOrder): Style {
  return styleOf({ timeZone: restaurant.timeZone, currency });
}

/** What the customer has paid for good. */
export function leftMinor({ amountDueMinor, tippedMinor }: BilledOrder, refunds: readonly BilledRefund[]): number {
  return refunds.reduce((left, { amountMinor }) => left - amountMinor, amountDueMinor + tippedMinor);
}

/** Left out where it is nothing, unless it is said always. */
export type Pair = readonly [label: string, amountMinor: number, isAlways?: boolean];

/** From the order's total to what was paid for good. */
export function refundPairs(order: BilledOrder, refunds: readonly BilledRefund[], { texts, date }: Style): Pair[] {
  return [
    [texts.reduction, order.amountDueMinor - order.pricing.totalMinor],
    [texts.tipLater, order.tippedMinor],
    ...refunds.map(({ at, amountMinor }): Pair => [`${texts.refund} · ${date(at)}`, -amountMinor]),
  ];
}

export function totalOf(label: string, amountMinor: number, { money }: Style): Total {
  return { label, amount: money(amountMinor), isStrong: false };
}

export function totalsOf(pairs: readonly Pair[], style: Style): Total[] {
  return pairs
    .filter(([, amountMinor, isAlways = false]) => isAlways || amountMinor !== 0)
    .map(([label, amount]) => totalOf(label, amount, style));
}

/** What a coupon took off, by its code. */
export function discountLabel(label: string, { coupon }: BilledOrder): string {
  return coupon === null ? label : `${label} · ${coupon.code}`;
}
