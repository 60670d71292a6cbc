import type { z } from 'zod';
import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import type { PricedCartLine } from './cart-lines.ts';
import type { cartViewSchema } from './carts.schema.ts';
import type { PricedCart } from './carts.service.ts';

type CartView = z.input<typeof cartViewSchema>;
type CartLineView = CartView['lines'][number];

export function toCartView({ restaurant, lines, subtotalMinor, version }: PricedCart): CartView {
  if (restaurant === null) return { restaurant: null, lines: [], subtotal: null, version };
  const { id, name, slug, currency, minimumOrderMinor } = restaurant;
  return {
    restaurant: { id, name, slug, minimumOrder: money(minimumOrderMinor, currency) },
    lines: lines.map((line) => toLineView(line, currency)),
    subtotal: money(subtotalMinor, currency),
    version,
  };
}

function toLineView(line: PricedCartLine, currency: string): CartLineView {
  const { id, itemId, quantity, note, item, options, unitPriceMinor, lineTotalMinor, problems } = line;
  return {
    id,
    itemId,
    name: item?.name ?? null,
    imageUrl: pictureUrl(item?.picture ?? null),
    quantity,
    options: options.map((option) => ({
      id: option.id,
      name: option.name,
      price: money(option.priceMinor, currency),
    })),
    ...(note === undefined ? {} : { note }),
    unitPrice: money(unitPriceMinor, currency),
    lineTotal: money(lineTotalMinor, currency),
    problems,
  };
}
