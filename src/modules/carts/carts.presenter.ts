import type { z } from 'zod';
import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import { shownTermsOf } from '../restaurants/index.ts';
import type { PricedCartLine } from './cart-lines.ts';
import type { cartViewSchema } from './carts.schema.ts';
import type { PricedCart } from './carts.service.ts';

type CartView = z.input<typeof cartViewSchema>;
type CartLineView = CartView['lines'][number];

export function toCartView({ restaurant, lines, subtotalMinor, version }: PricedCart): CartView {
  if (restaurant === null) return { restaurant: null, lines: [], subtotal: null, version };
  const { id, name, slug, currency } = restaurant;
  // The address is not known yet.
  const { minimumOrderMinor } = shownTermsOf(restaurant);
  return {
    restaurant: { id, name, slug, minimumOrder: money(minimumOrderMinor, currency) },
    lines: lines.map((line) => toLineView(line, currency)),
    subtotal: money(subtotalMinor, currency),
    version,
  };
}

function toLineView(line: PricedCartLine, currency: string): CartLineView {
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
