import { createHmac, timingSafeEqual } from 'node:crypto';
import type { QuoteRow, QuoteTerms } from './quote.model.ts';

/** Named in the signed text, so that no other form can be taken for this one. */
const FORM = 'quickbite-quote-v2';

/** HMAC-SHA256 over every term of the quote; whether it was used stays outside. */
export function signQuote(terms: QuoteTerms, secret: string): string {
  return createHmac('sha256', secret).update(quoteText(terms)).digest('hex');
}

/** False: somebody changed the stored row who does not know the secret. */
export function isGenuineQuote(quote: QuoteRow, secret: string): boolean {
  // A row that somebody wrote to may hold anything here.
  if (typeof quote.signature !== 'string') return false;
  const expected = Buffer.from(signQuote(quote, secret), 'hex');
  const given = Buffer.from(quote.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** One text per meaning: keys in order, dates in ISO form. Survives the way into MongoDB and back. */
export function quoteText(terms: QuoteTerms): string {
  const { _id, customerId, restaurantId, currency, items, pricing, restaurant, mode, deliveryAddress } = terms;
  const { distanceMeters, slot, releaseAt, coupon, replacement, prepMinutes, eta, createdAt, expiresAt } = terms;
  const signed = {
    ...{ _id, customerId, restaurantId, currency, items, pricing, restaurant, mode, deliveryAddress },
    ...{ distanceMeters, slot, releaseAt, coupon, replacement, prepMinutes, eta, createdAt, expiresAt },
  };
  return `${FORM}\n${JSON.stringify(signed, sortKeys)}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
