import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { now } from '../../shared/clock.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { getPricedCart } from '../carts/index.ts';
import type { OrderAddress } from '../orders/index.ts';
import { findSlotCounts } from '../restaurants/index.ts';
import { getAddress } from '../users/index.ts';
import { assertMinimum, assertTakesOrder, orderableLines } from './can-order.ts';
import { QuoteModel, type QuoteRow } from './quote.model.ts';
import { signQuote } from './quote-signature.ts';
import { agreeTerms } from './quote-terms.ts';

/** Lines that are absent may also be undefined, as parsed JSON has them. */
interface GivenAddress {
  label: string;
  line1: string;
  line2?: string | undefined;
  city: string;
  postcode?: string | undefined;
  location: GeoPoint;
  instructions?: string | undefined;
}

/** The schema sees to it that one of the two addresses is there. */
export interface CreateQuoteInput {
  addressId?: string | undefined;
  address?: GivenAddress | undefined;
  tipMinor: number;
}

/**
 * Prices the cart for an address and keeps the promise for some minutes (domain.md section 4, row 3).
 * @throws AppError `cart_empty`, `not_found` (the address), `restaurant_unavailable`, `out_of_range`, `item_unavailable`, `below_minimum`
 */
export async function createQuote(input: CreateQuoteInput, customerId: string): Promise<QuoteRow> {
  const [cart, deliveryAddress] = await Promise.all([getPricedCart(customerId), deliveryAddressOf(input, customerId)]);
  const { restaurant } = cart;
  if (restaurant === null) throw new AppError('cart_empty');
  const at = now();
  const slot = await findSlotCounts(restaurant, at);
  const { feeTable, minimumOrderMinor } = assertTakesOrder(restaurant, { at, point: deliveryAddress.location, slot });
  const lines = orderableLines(cart.lines);
  const terms = agreeTerms({ customerId, restaurant, feeTable, lines, deliveryAddress, tipMinor: input.tipMinor, at });
  assertMinimum(minimumOrderMinor, terms.pricing);
  const quote: QuoteRow = { ...terms, signature: signQuote(terms, config.quotes.secret), usedAt: null, orderId: null };
  await QuoteModel.collection.insertOne(quote as never);
  return quote;
}

/** @throws AppError `not_found` also for somebody else's */
export async function getQuote(quoteId: string, customerId: string): Promise<QuoteRow> {
  const quote = await ownQuoteQuery(quoteId, customerId).lean<QuoteRow>();
  if (quote === null) throw new AppError('not_found');
  return quote;
}

export function ownQuoteQuery(quoteId: string, customerId: string) {
  return QuoteModel.findOne({ _id: quoteId, customerId });
}

async function deliveryAddressOf({ address, addressId }: CreateQuoteInput, userId: string): Promise<OrderAddress> {
  if (address !== undefined) return toOrderAddress(address);
  if (addressId === undefined) throw new AppError('not_found');
  return toOrderAddress(await getAddress(userId, addressId));
}

function toOrderAddress({ label, line1, line2, city, postcode, location, instructions }: GivenAddress): OrderAddress {
  return {
    label,
    line1,
    city,
    location: { lat: location.lat, lng: location.lng },
    // The driver would store undefined as null, and the signature would not hold.
    ...(line2 === undefined ? {} : { line2 }),
    ...(postcode === undefined ? {} : { postcode }),
    ...(instructions === undefined ? {} : { instructions }),
  };
}
