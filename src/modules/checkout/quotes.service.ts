import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { now } from '../../shared/clock.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { money } from '../../shared/money.ts';
import { getPricedCart } from '../carts/index.ts';
import type { OrderAddress } from '../orders/index.ts';
import { couponRefused } from '../promotions/index.ts';
import { findSlotCounts, type OrderMode } from '../restaurants/index.ts';
import { getAddress, getPreferences } from '../users/index.ts';
import { assertMinimum, assertTakesOrder, orderableLines } from './can-order.ts';
import { judgeCoupon } from './coupon-of-quote.service.ts';
import { QuoteModel, type QuoteRow, type QuoteTerms } from './quote.model.ts';
import { signQuote } from './quote-signature.ts';
import { agreeTerms, type TermsInput } from './quote-terms.ts';

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

/** The schema sees to it that one of the two addresses is there, or none where the customer collects. */
export interface CreateQuoteInput {
  mode?: OrderMode | undefined;
  addressId?: string | undefined;
  address?: GivenAddress | undefined;
  /** In which the food is to be ready; without it as soon as possible. */
  slot?: { startAt: Date } | undefined;
  tipMinor: number;
}

/**
 * Prices the cart and keeps the promise for some minutes (domain.md section 4, row 3).
 * @throws AppError `cart_empty`, `not_found` (the address), `restaurant_unavailable`, `slot_unavailable`, `out_of_range`,
 *   `item_unavailable`, `below_minimum`, `coupon_refused`
 */
export async function createQuote(input: CreateQuoteInput, customerId: string): Promise<QuoteRow> {
  const [cart, deliveryAddress, { replacementChoice }] = await Promise.all([
    getPricedCart(customerId, input.slot?.startAt),
    input.mode === 'collection' ? null : deliveryAddressOf(input, customerId),
    getPreferences(customerId),
  ]);
  const { restaurant } = cart;
  if (restaurant === null) throw new AppError('cart_empty');
  const at = now();
  const counts = await findSlotCounts(restaurant, at);
  const appointment = assertTakesOrder(restaurant, { at, counts, deliveryAddress, slot: input.slot });
  const lines = orderableLines(cart.lines);
  const { feeTable, slot } = appointment;
  const wanted: TermsInput = {
    ...{ customerId, restaurant, feeTable, lines, deliveryAddress, slot, tipMinor: input.tipMinor, at },
    replacement: REPLACEMENT_OF[replacementChoice],
  };
  const agreed = await withCoupon(wanted, cart.coupon?.code ?? null);
  assertMinimum(appointment, agreed.pricing);
  return insertQuote(agreed);
}

/** @throws AppError `coupon_refused`: the customer takes it out of the cart, or chooses something else */
async function withCoupon(wanted: TermsInput, code: string | null): Promise<QuoteTerms> {
  const agreed = agreeTerms(wanted);
  if (code === null) return agreed;
  const { reason, minimumMinor, terms: coupon } = await judgeCoupon(code, agreed, wanted.lines);
  if (reason !== null) throw couponRefused(reason, minimumMinor === null ? null : money(minimumMinor, agreed.currency));
  return agreeTerms({ ...wanted, coupon });
}

/** What a customer chose in general, in the words of an order. */
const REPLACEMENT_OF = { substitute: 'best_match', remove: 'refund_item', cancel: 'cancel' } as const;

/** Signs the terms, and keeps them. */
export async function insertQuote(terms: QuoteTerms): Promise<QuoteRow> {
  const signature = signQuote(terms, config.quotes.secret);
  const quote: QuoteRow = { ...terms, signature, usedAt: null, orderId: null, replacedBy: null };
  await QuoteModel.collection.insertOne({ ...quote } as never);
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
