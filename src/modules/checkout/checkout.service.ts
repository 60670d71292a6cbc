import { config } from '../../config/index.ts';
import { AppError, isAppError } from '../../errors/index.ts';
import { runIdempotent, type IdempotentAnswer, type IdempotentRequest, type Tx } from '../../infra/mongo/index.ts';
import { counter } from '../../infra/observability/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { clearCart } from '../carts/index.ts';
import { claimStock, findMenuItems, type MenuItem } from '../menu/index.ts';
import { createOrder, draftOrder, type OrderRecord } from '../orders/index.ts';
import { createPayment, ensureIntent, openIntent, type PaymentIntent } from '../payments/index.ts';
import { getRestaurant, openKitchenSlot, type RestaurantSnapshot } from '../restaurants/index.ts';
import { assertInStock, assertStillCookable, assertTakesOrder } from './can-order.ts';
import { toPlacedOrder, withIntent, type PlacedOrder, type PlacedOrderView } from './checkout.presenter.ts';
import { QuoteModel, type QuoteRow } from './quote.model.ts';
import { isGenuineQuote } from './quote-signature.ts';
import { getQuote } from './quotes.service.ts';
import { claimReservations } from './reservations.service.ts';

const tampered = counter('quickbite_quotes_tampered_total', 'Stored quotes whose signature did not hold');

export interface PlaceOrderInput {
  quoteId: string;
  notes?: string | undefined;
  idempotency: IdempotentRequest;
}

/**
 * O1 of domain.md: a quote becomes an order that waits for its payment. Key, claim of the quote, order, payment, event, outbox,
 * timer and cart commit together; the provider is asked after that, and again by a sweep if it does not answer in time.
 * @throws AppError `not_found` (quote), `quote_expired`, `quote_used`, `quote_invalid`, `restaurant_unavailable`, `out_of_range`,
 *   `item_unavailable`, `out_of_stock`, and those of `runIdempotent`
 */
export async function placeOrder(input: PlaceOrderInput, actor: Actor): Promise<IdempotentAnswer<PlacedOrderView>> {
  const { answer, isReplay } = await commitOrder(input, actor);
  return { answer: withIntent(answer, await intentOf(answer, isReplay)), isReplay };
}

/** Everything up to the commit: what our own database alone decides. The bench times this part by itself. */
export async function commitOrder(
  { quoteId, notes, idempotency }: PlaceOrderInput,
  actor: Actor,
): Promise<IdempotentAnswer<PlacedOrder>> {
  const check = await checkQuote(quoteId, actor.userId);
  // Not before the key: whoever was answered under this key gets that answer, though the quote is used and the house closed.
  if (check.refusal !== null) return runIdempotent(idempotency, () => Promise.reject(check.refusal));
  const { restaurant, at, items } = check;
  // Drafted once: a retried transaction writes the same order.
  const order = draftFrom({ ...check, notes });
  const placed = toPlacedOrder(order, actor);
  return runIdempotent(
    idempotency,
    async (tx) => {
      // First, so that who waits for the same slot waits before the rest is written.
      await claimReservations(tx, restaurant, { orderId: order._id, at });
      await claimStock(tx, { orderId: order._id, restaurantId: order.restaurantId, lines: order.items, items });
      await writeOrder(tx, check.quote, order);
      return placed;
    },
    placed,
  );
}

function intentOf({ id: orderId, payment }: PlacedOrder, isReplay: boolean): Promise<PaymentIntent> {
  if (isReplay) return ensureIntent(payment.id);
  const { amount: amountMinor, currency } = payment.amount;
  return openIntent({ paymentId: payment.id, orderId, amountMinor, currency });
}

interface AcceptedQuote {
  refusal: null;
  quote: QuoteRow;
  restaurant: RestaurantSnapshot;
  items: MenuItem[];
  /** When the kitchen would begin. */
  at: Date;
}

/** Everything that can be known before the transaction, so that few commands hold its locks. */
async function checkQuote(quoteId: string, userId: string): Promise<AcceptedQuote | { refusal: AppError }> {
  try {
    const quote = await getQuote(quoteId, userId);
    assertUsable(quote);
    const itemIds = [...new Set(quote.items.map(({ itemId }) => itemId))];
    const [restaurant, items] = await Promise.all([
      getRestaurant(quote.restaurantId),
      findMenuItems(quote.restaurantId, itemIds),
    ]);
    const at = now();
    const slot = await openKitchenSlot(restaurant, at);
    assertTakesOrder(restaurant, { at, point: quote.deliveryAddress.location, slot });
    assertStillCookable(quote.items, items);
    assertInStock(quote.items, items);
    return { refusal: null, quote, restaurant, items, at };
  } catch (error) {
    if (isAppError(error)) return { refusal: error };
    throw error;
  }
}

function assertUsable(quote: QuoteRow): void {
  if (!isGenuineQuote(quote, config.quotes.secret)) {
    tampered.inc();
    throw new AppError('quote_invalid', { info: { quoteId: quote._id } });
  }
  if (quote.usedAt !== null) throw new AppError('quote_used');
  if (quote.expiresAt <= now()) throw new AppError('quote_expired');
}

interface AgreedOrder extends Omit<AcceptedQuote, 'refusal' | 'items' | 'at'> {
  notes: string | undefined;
}

function draftFrom({ quote, restaurant, notes }: AgreedOrder): OrderRecord {
  const { customerId, restaurantId, currency, items, pricing, deliveryAddress, distanceMeters, prepMinutes } = quote;
  return draftOrder({
    ...{ orderId: newId(), paymentId: newId(), quoteId: quote._id, customerId, restaurantId },
    ...{ commissionBasisPoints: restaurant.commissionBasisPoints },
    ...{ ownerId: restaurant.ownerId, currency, items, pricing, restaurant: quote.restaurant },
    ...{ mode: 'delivery', slot: null, releaseAt: null, paymentMethod: 'card', coupon: null, replacement: 'refund_item' },
    ...{ deliveryAddress, distanceMeters, prepMinutes, promisedAt: quote.eta.to, notes },
  });
}

async function writeOrder(tx: Tx, quote: QuoteRow, order: OrderRecord): Promise<void> {
  const { _id: orderId, paymentId, customerId, currency, pricing, paymentMethod: method } = order;
  await claimQuote(tx, quote, orderId);
  await createOrder(tx, order);
  await createPayment(tx, { paymentId, orderId, customerId, amountMinor: pricing.totalMinor, currency, method });
  await clearCart(tx, customerId);
}

/** One of several requests wins; the others meet a write conflict, retry, and find it used. */
async function claimQuote(tx: Tx, quote: QuoteRow, orderId: string): Promise<void> {
  const at = now();
  const { matchedCount } = await QuoteModel.collection.updateOne(
    { _id: quote._id as never, customerId: quote.customerId, usedAt: null, expiresAt: { $gt: at } },
    { $set: { usedAt: at, orderId } },
    { session: tx },
  );
  if (matchedCount === 0) throw new AppError(quote.expiresAt <= at ? 'quote_expired' : 'quote_used');
}
