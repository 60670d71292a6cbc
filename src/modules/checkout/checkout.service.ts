import { config } from '../../config/index.ts';
import {
  countIdempotent,
  withTransaction,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { newId } from '../../shared/ids.ts';
import { clearCart } from '../carts/index.ts';
import { claimStock } from '../menu/index.ts';
import { createOrder, draftOrder, type OrderRecord, type PaymentMethod, type Replacement } from '../orders/index.ts';
import { createPayment, ensureIntent, openIntent, type PaymentIntent } from '../payments/index.ts';
import { claimCoupon } from '../promotions/index.ts';
import { claimCash, openStanding } from './cash/cash-standing.service.ts';
import { checkQuote, type AcceptedQuote } from './check-quote.service.ts';
import { toPlacedOrder, withIntent, type PlacedOrder, type PlacedOrderView } from './checkout.presenter.ts';
import { paymentMethodOf } from './payment-method.ts';
import { claimQuote, purchaseKeyOf, replayOf, settleRefusal, type PurchaseKey } from './purchase.service.ts';
import { getQuote } from './quotes.service.ts';
import { claimReservations } from './reservations.service.ts';

export interface PlaceOrderInput {
  quoteId: string;
  /** Without it by card. */
  paymentMethod?: Exclude<PaymentMethod, 'none'> | undefined;
  notes?: string | undefined;
  /** Without it the quote's, which is the customer's stored choice. */
  replacement?: Replacement | undefined;
  idempotency: IdempotentRequest;
}

/**
 * O1 of domain.md: a quote becomes an order that waits for its payment; or O2, where nobody waits for a card. Claim of the quote with its
 * key, slot, stock, order, payment, events, outbox, timer and cart commit together; the provider is asked after that, and again by a
 * sweep if it does not answer in time.
 * @throws AppError `not_found` (quote), `quote_expired`, `quote_used`, `quote_invalid`, `quote_stale`, those of `reviseQuote` where
 *   nothing can be quoted any more, `payment_method_unavailable`, and those of an Idempotency-Key
 */
export async function placeOrder(input: PlaceOrderInput, actor: Actor): Promise<IdempotentAnswer<PlacedOrderView>> {
  const { answer, isReplay } = await commitOrder(input, actor);
  return { answer: withIntent(answer, await intentOf(answer, isReplay)), isReplay };
}

/** Everything up to the commit: what our own database alone decides. The bench times this part by itself. */
export async function commitOrder(input: PlaceOrderInput, actor: Actor): Promise<IdempotentAnswer<PlacedOrder>> {
  const key = purchaseKeyOf(input.idempotency);
  const claim = { isPending: false };
  try {
    const quote = await getQuote(input.quoteId, actor.userId);
    const replay = replayOf(quote, key);
    if (replay !== null) return replay;
    const accepted = await checkQuote(quote);
    const order = draftFrom(accepted, input);
    const answer = JSON.stringify(toPlacedOrder(order, actor));
    if (order.paymentMethod === 'cash') await openStanding(order.customerId);
    await withTransaction((tx) => writeOrder(tx, { ...accepted, order, claim, purchase: { ...key, answer } }));
    countIdempotent('new');
    // The same form on the first answer as on a replay.
    return { answer: JSON.parse(answer) as PlacedOrder, isReplay: false };
  } catch (error) {
    return settleRefusal({ error, isPending: claim.isPending }, key);
  }
}

function intentOf({ id: orderId, status, payment }: PlacedOrder, isReplay: boolean): Promise<PaymentIntent> {
  const { publishableKey } = config.payments;
  if (status !== 'pending_payment') return Promise.resolve({ clientSecret: null, publishableKey });
  if (isReplay) return ensureIntent(payment.id);
  const { amount: amountMinor, currency } = payment.amount;
  return openIntent({ paymentId: payment.id, orderId, amountMinor, currency });
}

/** Drafted once: a retried transaction writes the same order. */
function draftFrom({ quote, restaurant }: AcceptedQuote, input: PlaceOrderInput): OrderRecord {
  const { customerId, restaurantId, currency, items, pricing, deliveryAddress, distanceMeters, prepMinutes } = quote;
  const { mode, slot, releaseAt, coupon } = quote;
  const { ownerId, commissionBasisPoints } = restaurant;
  return draftOrder({
    ...{ orderId: newId(), paymentId: newId(), quoteId: quote._id, customerId, restaurantId, ownerId },
    ...{ currency, items, pricing, restaurant: quote.restaurant, commissionBasisPoints },
    ...{ mode, slot, releaseAt, coupon, deliveryAddress, distanceMeters, prepMinutes, promisedAt: quote.eta.to },
    paymentMethod: paymentMethodOf(input.paymentMethod ?? 'card', quote),
    replacement: input.replacement ?? quote.replacement,
    notes: input.notes,
  });
}

interface Writing extends AcceptedQuote {
  order: OrderRecord;
  purchase: PurchaseKey & { answer: string };
  claim: { isPending: boolean };
}

async function writeOrder(tx: Tx, writing: Writing): Promise<void> {
  const { quote, restaurant, appointment, items, order, purchase, claim } = writing;
  const { _id: orderId, restaurantId, customerId } = order;
  claim.isPending = true;
  await claimQuote(tx, quote, { orderId, purchase });
  claim.isPending = false;
  if (order.paymentMethod === 'cash') await claimCash(tx, customerId);
  // Before the rest is written, which who waits for the same slot then need not undo.
  await claimReservations(tx, restaurant, { orderId, appointment });
  await claimStock(tx, { orderId, restaurantId, lines: order.items, items });
  if (order.coupon !== null) await claimCoupon(tx, { ...order.coupon, orderId, customerId });
  await createOrder(tx, order);
  await createPayment(tx, paymentOf(order));
  await clearCart(
    tx,
    customerId,
    order.items.map(({ lineId }) => lineId),
  );
}

function paymentOf({ _id: orderId, paymentId, customerId, pricing, currency, paymentMethod: method }: OrderRecord) {
  return { paymentId, orderId, customerId, amountMinor: pricing.totalMinor, currency, method };
}
