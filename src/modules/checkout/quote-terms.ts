import { config } from '../../config/index.ts';
import { addMs } from '../../shared/clock.ts';
import type { FeeTable } from '../../shared/delivery-fee.ts';
import { routeMeters } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import type { OrderAddress, OrderItem, OrderRestaurant } from '../orders/index.ts';
import { prepMinutesAt, type RestaurantSnapshot } from '../restaurants/index.ts';
import type { OrderableLine } from './can-order.ts';
import { estimateDelivery } from './eta.ts';
import { priceOrder, type Breakdown, type PricedLine } from '../pricing/index.ts';
import type { QuoteTerms } from './quote.model.ts';

export interface TermsInput {
  customerId: string;
  restaurant: RestaurantSnapshot;
  /** Of the restaurant at the address. */
  feeTable: FeeTable;
  lines: readonly OrderableLine[];
  deliveryAddress: OrderAddress;
  tipMinor: number;
  at: Date;
}

/** Every figure and time of a quote, from what the database says now. Nothing of it comes from the client but the tip. */
export function agreeTerms(input: TermsInput): QuoteTerms {
  const { customerId, restaurant, deliveryAddress, at } = input;
  const distanceMeters = routeMeters(restaurant.location, deliveryAddress.location);
  const prepMinutes = prepMinutesAt(restaurant, at);
  const { from, to } = estimateDelivery({ at, prepMinutes, lastMileMeters: distanceMeters });
  const pricing = pricingOf(input, distanceMeters);
  return {
    _id: newId(),
    customerId,
    restaurantId: restaurant.id,
    currency: restaurant.currency,
    items: itemsOf(input.lines, pricing),
    pricing,
    restaurant: toOrderRestaurant(restaurant),
    deliveryAddress,
    distanceMeters,
    prepMinutes,
    eta: { from, to },
    createdAt: at,
    expiresAt: addMs(at, config.quotes.ttlSeconds * 1000),
  };
}

function pricingOf({ restaurant, feeTable, lines, tipMinor }: TermsInput, distanceMeters: number): Breakdown {
  const { currency, taxRates, pricesIncludeTax, serviceFeeMinor } = restaurant;
  return priceOrder({
    currency,
    lines: lines.map(({ id, item, size, options, quantity }) => ({
      id,
      unitPriceMinor: size?.priceMinor ?? item.priceMinor,
      optionPricesMinor: options.map(({ priceMinor }) => priceMinor),
      quantity,
      taxCategory: item.taxCategory,
    })),
    distanceMeters,
    feeTable,
    taxRates,
    pricesIncludeTax,
    serviceFeeMinor,
    tipMinor,
  });
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

function toOrderRestaurant({ name, addressLine, phone, location, timeZone }: RestaurantSnapshot): OrderRestaurant {
  return { name, addressLine, phone, location, timeZone };
}
