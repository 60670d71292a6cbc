import type { z } from 'zod';
import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import { toChargesView, toPricingView } from '../pricing/index.ts';
import { shownTermsOf, toAvailabilityView } from '../restaurants/index.ts';
import type { PricedCartLine } from './cart-lines.ts';
import type { cartViewSchema } from './cart-view.schema.ts';
import type { PricedCart } from './price-cart.service.ts';

type CartView = z.input<typeof cartViewSchema>;
type CartLineView = CartView['lines'][number];

export function toCartView(cart: PricedCart): CartView {
  const { restaurant, availability, lines, subtotalMinor, pricing, coupon, version } = cart;
  if (restaurant === null || availability === null || pricing === null) {
    return { restaurant: null, lines: [], subtotal: null, pricing: null, coupon: null, version };
  }
  const { id, name, slug, currency } = restaurant;
  // The address is not known yet.
  const { minimumOrderMinor } = shownTermsOf(restaurant);
  const pricedById = new Map(pricing.lines.map((line) => [line.id, line]));
  const couponCode = coupon?.reason === null ? coupon.code : null;
  return {
    restaurant: {
      ...{ id, name, slug, minimumOrder: money(minimumOrderMinor, currency) },
      availability: toAvailabilityView(availability),
    },
    lines: lines.map((line) => ({
      ...toLineView(line, currency),
      ...toChargesView(pricedById.get(line.id), currency),
    })),
    subtotal: money(subtotalMinor, currency),
    pricing: { ...toPricingView(pricing, couponCode), deliveryFee: null },
    coupon,
    version,
  };
}

function toLineView(line: PricedCartLine, currency: string): Omit<CartLineView, 'discount' | 'tax'> {
  const { id, itemId, quantity, note, item, size, options, unitPriceMinor, lineTotalMinor, problems } = line;
  return {
    id,
    itemId,
    name: item?.name ?? null,
    imageUrl: pictureUrl(item?.picture ?? null),
    quantity,
    size: size === null ? null : toChosenView(size, currency),
    options: options.map((option) => toChosenView(option, currency)),
    ...(note === undefined ? {} : { note }),
    unitPrice: money(unitPriceMinor, currency),
    lineTotal: money(lineTotalMinor, currency),
    problems,
  };
}

function toChosenView({ id, name, priceMinor }: { id: string; name: string; priceMinor: number }, currency: string) {
  return { id, name, price: money(priceMinor, currency) };
}
