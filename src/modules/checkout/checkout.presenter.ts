import type { z } from 'zod';
import type { Actor } from '../../shared/actor.ts';
import { money, type Money } from '../../shared/money.ts';
import { toItemView, toOrderView, type OrderRecord, type OrderView } from '../orders/index.ts';
import type { quoteSchema } from './checkout.schema.ts';
import type { Breakdown } from '../pricing/index.ts';
import type { QuoteRow } from './quote.model.ts';

type QuoteView = z.input<typeof quoteSchema>;

export function toQuoteView(quote: QuoteRow): QuoteView {
  const { currency, restaurant, eta } = quote;
  return {
    id: quote._id,
    signature: quote.signature,
    createdAt: quote.createdAt.toISOString(),
    expiresAt: quote.expiresAt.toISOString(),
    orderId: quote.orderId,
    restaurant: { id: quote.restaurantId, name: restaurant.name, timeZone: restaurant.timeZone },
    address: quote.deliveryAddress,
    items: quote.items.map((item) => toItemView(item, currency)),
    pricing: toPricingView(quote.pricing),
    eta: { from: eta.from.toISOString(), to: eta.to.toISOString() },
    distanceMeters: quote.distanceMeters,
  };
}

function toPricingView(pricing: Breakdown): QuoteView['pricing'] {
  const inCurrency = (amountMinor: number): Money => money(amountMinor, pricing.currency);
  return {
    items: inCurrency(pricing.itemsMinor),
    deliveryFee: inCurrency(pricing.deliveryFeeMinor),
    serviceFee: inCurrency(pricing.serviceFeeMinor),
    taxes: pricing.taxes.map(({ category, basisPoints, taxableMinor, taxMinor }) => ({
      category,
      basisPoints,
      taxable: inCurrency(taxableMinor),
      tax: inCurrency(taxMinor),
    })),
    tax: inCurrency(pricing.taxMinor),
    pricesIncludeTax: pricing.pricesIncludeTax,
    tip: inCurrency(pricing.tipMinor),
    total: inCurrency(pricing.totalMinor),
  };
}

/** What is stored under the Idempotency-Key: the order and its payment as they were when the order was placed. */
export interface PlacedOrder extends OrderView {
  payment: OrderView['payment'] & { amount: Money };
}

export interface PlacedOrderView extends PlacedOrder {
  payment: PlacedOrder['payment'] & { clientSecret: string | null; publishableKey: string };
}

export function toPlacedOrder(order: OrderRecord, actor: Actor): PlacedOrder {
  const view = toOrderView(order, actor);
  return { ...view, payment: { ...view.payment, amount: money(order.pricing.totalMinor, order.currency) } };
}

/** The secret is not stored with the answer; it comes from the payment, on the first answer as on a replay. */
export function withIntent(
  placed: PlacedOrder,
  { clientSecret, publishableKey }: { clientSecret: string | null; publishableKey: string },
): PlacedOrderView {
  return { ...placed, payment: { ...placed.payment, clientSecret, publishableKey } };
}
