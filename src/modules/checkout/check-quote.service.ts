import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { counter } from '../../infra/observability/index.ts';
import { now } from '../../shared/clock.ts';
import { findMenuThen } from '../carts/index.ts';
import type { MenuItem } from '../menu/index.ts';
import { openKitchenSlot, type RestaurantSnapshot } from '../restaurants/index.ts';
import type { Appointment } from './can-order.ts';
import { toQuoteView } from './checkout.presenter.ts';
import { judgeCoupon } from './coupon-of-quote.service.ts';
import { changesOf, type QuoteChange } from './quote-changes.ts';
import { QuoteModel, type QuoteRow } from './quote.model.ts';
import { isGenuineQuote } from './quote-signature.ts';
import { insertQuote } from './quotes.service.ts';
import { reviseQuote, type PresentState, type Revision } from './revise-quote.ts';

const tampered = counter('quickbite_quotes_tampered_total', 'Stored quotes whose signature did not hold');
const stale = counter('quickbite_quotes_stale_total', 'Quotes that no longer held when somebody wanted to buy them');

export interface AcceptedQuote {
  quote: QuoteRow;
  restaurant: RestaurantSnapshot;
  items: MenuItem[];
  appointment: Appointment;
}

/**
 * Everything that can be known before the transaction, so that few commands hold its locks. What stale means costs no query: the
 * quote is revised from what is read anyway.
 * @throws AppError `quote_invalid`, `quote_used`, `quote_expired`, `quote_stale`, and those of `reviseQuote`
 */
export async function checkQuote(quote: QuoteRow): Promise<AcceptedQuote> {
  await assertUsable(quote);
  const itemIds = quote.items.map(({ itemId }) => itemId);
  const { restaurantId, slot } = quote;
  const at = now();
  const { restaurant, items, beginsAt } = await findMenuThen({ restaurantId, itemIds, slot: slot?.startAt, at });
  const counts = await openKitchenSlot(restaurant, beginsAt);
  const revision = await revise(quote, { restaurant, items, counts, coupon: null, at });
  if (revision.changes.length > 0) throw await replaceQuote(quote, revision);
  return { quote, restaurant, items, appointment: revision.appointment };
}

/** A coupon is asked for once more; one that holds no longer is a change. */
async function revise(quote: QuoteRow, state: PresentState): Promise<Revision> {
  if (quote.coupon === null) return reviseQuote(quote, state);
  const { terms, lines } = reviseQuote(quote, state);
  const { terms: coupon } = await judgeCoupon(quote.coupon.code, terms, lines);
  return reviseQuote(quote, { ...state, coupon });
}

async function assertUsable(quote: QuoteRow): Promise<void> {
  if (!isGenuineQuote(quote, config.quotes.secret)) {
    tampered.inc();
    throw new AppError('quote_invalid', { info: { quoteId: quote._id } });
  }
  if (quote.usedAt !== null) throw new AppError('quote_used');
  if (quote.expiresAt <= now()) throw new AppError('quote_expired');
  if (quote.replacedBy !== null) throw await staleBefore(quote, quote.replacedBy);
}

/** One quote takes its place, however many find it stale at once. */
async function replaceQuote(quote: QuoteRow, { terms, changes }: Revision): Promise<AppError> {
  stale.inc();
  const next = await insertQuote(terms);
  const { matchedCount } = await QuoteModel.collection.updateOne(
    { _id: quote._id as never, usedAt: null, replacedBy: null },
    { $set: { replacedBy: next._id } },
  );
  if (matchedCount === 1) return staleError(changes, next);
  await QuoteModel.collection.deleteOne({ _id: next._id as never });
  const current = await QuoteModel.findById(quote._id).lean<QuoteRow>();
  if (current?.replacedBy == null) return new AppError('quote_used');
  return staleBefore(current, current.replacedBy);
}

/** Whoever lost the first answer hears it again, of the quote that stands in its place by now. */
async function staleBefore(quote: QuoteRow, replacedBy: string): Promise<AppError> {
  const next = await QuoteModel.findById(replacedBy).lean<QuoteRow>();
  if (next === null) return new AppError('quote_expired');
  if (next.usedAt !== null) return new AppError('quote_used');
  if (next.replacedBy !== null) return staleBefore(quote, next.replacedBy);
  return staleError(changesOf(quote, next), next);
}

function staleError(changes: QuoteChange[], quote: QuoteRow): AppError {
  return new AppError('quote_stale', { details: { changes, quote: toQuoteView(quote) } });
}
