import { priceCartLines } from '../../../src/modules/carts/cart-lines.ts';
import type { CartLine } from '../../../src/modules/carts/cart.model.ts';
import { orderableLines } from '../../../src/modules/checkout/can-order.ts';
import type { QuoteTerms } from '../../../src/modules/checkout/quote.model.ts';
import { agreeTerms } from '../../../src/modules/checkout/quote-terms.ts';
import type { MenuItem, MenuOption } from '../../../src/modules/menu/menu-item-snapshot.ts';
import type { OrderAddress } from '../../../src/modules/orders/order.model.ts';
import type { AddressRow } from '../../../src/modules/users/user.model.ts';
import { fromGeoJson } from '../../../src/shared/geo.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import type { Random } from '../random.ts';
import type { Door, Offer } from './market.ts';

const NOTES = ['No coriander, please', 'Less oil', 'Cutlery for two', 'Extra napkins', 'Not too hot'];
const TIPS = [0, 0, 0, 2_000, 3_000, 5_000];

/** What is ordered, priced as a quote of the real checkout would be. */
export function fillBasket({ door, offer }: { door: Door; offer: Offer }, at: Date, random: Random): QuoteTerms {
  const { restaurant, items } = offer.house;
  const lines: CartLine[] = [];
  let subtotalMinor = 0;
  const wanted = random.whole(1, 3);
  while (lines.length < wanted || subtotalMinor < offer.terms.minimumOrderMinor) {
    const item = random.pick(items);
    const line = lineOf(item, random, lines.length);
    lines.push(line);
    subtotalMinor += item.priceMinor * line.quantity;
  }
  const tipMinor = restaurant.currency === 'INR' ? random.pick(TIPS) : 0;
  return agreeTerms({
    customerId: door.customer._id,
    restaurant,
    feeTable: offer.terms.feeTable,
    lines: orderableLines(priceCartLines(lines, items)),
    deliveryAddress: toOrderAddress(door.address),
    tipMinor,
    at,
  });
}

function lineOf(item: MenuItem, random: Random, position: number): CartLine {
  const size = item.sizes.find(({ isAvailable }) => isAvailable);
  return {
    id: idFrom(item.id, position, random.next()),
    itemId: item.id,
    quantity: random.chance(0.7) ? 1 : random.whole(2, 3),
    ...(size === undefined ? {} : { sizeId: size.id }),
    optionIds: item.optionGroups.flatMap((group) => chosenOf(group, random)),
    ...(random.chance(0.06) ? { note: random.pick(NOTES) } : {}),
  };
}

/** What a group demands, and now and then more; with each option what it demands itself. */
function chosenOf({ minSelect, maxSelect, options }: MenuItem['optionGroups'][number], random: Random): string[] {
  const count = Math.min(maxSelect, minSelect + Number(random.chance(0.25)));
  const open = options.filter(({ isAvailable }) => isAvailable);
  return random
    .sample(open, count)
    .flatMap((option: MenuOption) => [option.id, ...(option.groups ?? []).flatMap((group) => chosenOf(group, random))]);
}

function toOrderAddress({ label, line1, city, postcode, location }: AddressRow): OrderAddress {
  return { label, line1, city, location: fromGeoJson(location), ...(postcode === undefined ? {} : { postcode }) };
}
