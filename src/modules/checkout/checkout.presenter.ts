import type { z } from 'zod';
import type { Actor } from '../../shared/actor.ts';
import { money, type Money } from '../../shared/money.ts';
import { toLineViews, toOrderView, type OrderRecord, type OrderView } from '../orders/index.ts';
import type { quoteSchema } from './checkout.schema.ts';
import { toPricingView } from '../pricing/index.ts';
import type { QuoteRow } from './quote.model.ts';

type QuoteView = z.input<typeof quoteSchema>;

export function toQuoteView(quote: QuoteRow): QuoteView {
  const { restaurant, mode, replacement } = quote;
  return {
    id: quote._id,
    signature: quote.signature,
    createdAt: quote.createdAt.toISOString(),
    expiresAt: quote.expiresAt.toISOString(),
    orderId: quote.orderId,
    restaurant: { id: quote.restaurantId, name: restaurant.name, timeZone: restaurant.timeZone },
    mode,
    address: quote.deliveryAddress,
    slot: toSlotView(quote.slot),
    releaseAt: quote.releaseAt?.toISOString() ?? null,
    items: toLineViews(quote.items, quote.pricing),
    pricing: toPricingView(quote.pricing, quote.coupon?.code ?? null),
    eta: toEtaView(quote),
    distanceMeters: quote.distanceMeters,
    replacement,
  };
}

export function toEtaView({ eta }: Pick<QuoteRow, 'eta'>): QuoteView['eta'] {
  return { from: eta.from.toISOString(), to: eta.to.toISOString() };
}

export function toSlotView(slot: QuoteRow['slot']): QuoteView['slot'] {
  return slot === null ? null : { startAt: slot.startAt.toISOString(), endAt: slot.endAt.toISOString() };
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
