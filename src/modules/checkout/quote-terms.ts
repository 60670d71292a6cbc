import { config } from '../../config/index.ts';
import { addMs } from '../../shared/clock.ts';
import type { FeeTable } from '../../shared/delivery-fee.ts';
import { routeMeters } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import { taxPartsOf } from '../../shared/tax-parts.ts';
import type { OrderAddress, OrderCoupon, OrderItem, OrderRestaurant, Replacement } from '../orders/index.ts';
import { pricingLinesOf } from '../carts/index.ts';
import { discountOf, priceOrder, type Breakdown, type PricedLine } from '../pricing/index.ts';
import type { CouponTerms } from '../promotions/index.ts';
import { prepMinutesAt, type AskedSlot, type RestaurantSnapshot } from '../restaurants/index.ts';
import type { OrderableLine } from './can-order.ts';
import { courierLeadMs, estimateArrival } from './eta.ts';
import type { QuoteTerms } from './quote.model.ts';

export interface TermsInput {
  customerId: string;
  restaurant: RestaurantSnapshot;
  /** Of the restaurant at the address; null where the customer collects. */
  feeTable: FeeTable | null;
  lines: readonly OrderableLine[];
  /** Null: the customer collects. */
  deliveryAddress: OrderAddress | null;
  slot?: AskedSlot | null | undefined;
  /** It was judged for these lines. */
  coupon?: CouponTerms | null | undefined;
  replacement?: Replacement | undefined;
  tipMinor: number;
  at: Date;
}

/** Every figure and time of a quote, from what the database says now. Nothing of it comes from the client but the tip. */
export function agreeTerms(input: TermsInput): QuoteTerms {
  const { customerId, restaurant, deliveryAddress, at } = input;
  const distanceMeters = deliveryAddress === null ? 0 : routeMeters(restaurant.location, deliveryAddress.location);
  const pricing = pricingOf(input, distanceMeters);
  return {
    _id: newId(),
    customerId,
    restaurantId: restaurant.id,
    currency: restaurant.currency,
    items: itemsOf(input.lines, pricing),
    pricing,
    restaurant: toOrderRestaurant(restaurant),
    mode: deliveryAddress === null ? 'collection' : 'delivery',
    deliveryAddress,
    distanceMeters,
    ...timesOf(input, deliveryAddress === null ? null : distanceMeters),
    coupon: couponOf(input.coupon ?? null, pricing),
    replacement: input.replacement ?? 'refund_item',
    createdAt: at,
    expiresAt: addMs(at, config.quotes.ttlSeconds * 1000),
  };
}

function timesOf({ restaurant, slot: asked = null, at }: TermsInput, lastMileMeters: number | null) {
  const slot = asked === null ? null : { startAt: asked.from, endAt: asked.to };
  const prepMinutes = prepMinutesAt(restaurant, asked?.beginsAt ?? at);
  const { from, to } = estimateArrival({ at, prepMinutes, lastMileMeters, slot });
  const releaseAt = asked === null ? null : addMs(asked.beginsAt, -leadMs(lastMileMeters));
  return { slot, releaseAt, prepMinutes, eta: { from, to } };
}

/** T3 comes so long before the kitchen must begin that it can answer, and that a courier can be found for what is quickly cooked. */
function leadMs(lastMileMeters: number | null): number {
  const answerMs = config.orders.acceptTimeoutSeconds * 1000;
  return lastMileMeters === null ? answerMs : Math.max(answerMs, courierLeadMs());
}

function pricingOf(input: TermsInput, distanceMeters: number): Breakdown {
  const { restaurant, feeTable, lines, tipMinor, coupon = null } = input;
  const { currency, taxRates, pricesIncludeTax, serviceFeeMinor, packagingFeeMinor, smallOrderFee } = restaurant;
  return priceOrder({
    currency,
    lines: pricingLinesOf(lines),
    ...{ distanceMeters, feeTable, taxRates, pricesIncludeTax, serviceFeeMinor, packagingFeeMinor, smallOrderFee },
    ...{ taxParts: taxPartsOf(restaurant.timeZone), discount: coupon?.discount ?? null, tipMinor },
  });
}

function couponOf(coupon: CouponTerms | null, pricing: Breakdown): OrderCoupon | null {
  if (coupon === null) return null;
  const { couponId, code, fundedBy } = coupon;
  return { couponId, code, discountMinor: discountOf(pricing), fundedBy };
}

/** Prices are those of the pricing engine, so that there is one set of figures. */
function itemsOf(lines: readonly OrderableLine[], pricing: Breakdown): OrderItem[] {
  const pricedById = new Map(pricing.lines.map((priced) => [priced.id, priced]));
  return lines.flatMap((line) => {
    const priced = pricedById.get(line.id);
    return priced === undefined ? [] : [toOrderItem(line, priced)];
  });
}

function toOrderItem(
  { id: lineId, item, size, options, quantity, note }: OrderableLine,
  priced: PricedLine,
): OrderItem {
  return {
    lineId,
    itemId: item.id,
    name: item.name,
    quantity,
    unitPriceMinor: priced.unitMinor,
    ...(size === null ? {} : { size: { sizeId: size.id, name: size.name, priceMinor: size.priceMinor } }),
    options: options.map(({ id, name, priceMinor }) => ({ optionId: id, name, priceMinor })),
    lineTotalMinor: priced.subtotalMinor,
    ...(note === undefined ? {} : { note }),
  };
}

function toOrderRestaurant(restaurant: RestaurantSnapshot): OrderRestaurant {
  const { name, addressLine, phone, location, timeZone, taxRegistration } = restaurant;
  return { name, addressLine, phone, location, timeZone, taxRegistration };
}
