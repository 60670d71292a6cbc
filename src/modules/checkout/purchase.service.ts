import { AppError, isAppError, isDuplicateKey } from '../../errors/index.ts';
import {
  countIdempotent,
  idempotencyHash,
  type IdempotentAnswer,
  type IdempotentRequest,
  type Tx,
} from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import type { PlacedOrder } from './checkout.presenter.ts';
import { QuoteModel, type Purchase, type QuoteRow } from './quote.model.ts';

/**
 * The Idempotency-Key of POST /orders stands in the quote that it bought: a quote buys one order and a key makes one, so that one row and
 * one conditional update answer for both. Refusals leave no key behind.
 */
export type PurchaseKey = Omit<Purchase, 'answer'>;

type Answer = IdempotentAnswer<PlacedOrder>;

export function purchaseKeyOf(request: IdempotentRequest): PurchaseKey {
  return { keyHash: idempotencyHash(request), bodyHash: request.bodyHash };
}

/** What this key was answered when it bought this quote; null: it did not. @throws AppError `idempotency_key_reused` */
export function replayOf({ purchase }: Pick<QuoteRow, 'purchase'>, { keyHash, bodyHash }: PurchaseKey): Answer | null {
  if (purchase?.keyHash !== keyHash) return null;
  if (purchase.bodyHash !== bodyHash) {
    countIdempotent('conflict');
    throw new AppError('idempotency_key_reused');
  }
  countIdempotent('replay');
  return { answer: JSON.parse(purchase.answer) as PlacedOrder, isReplay: true };
}

class KeyTaken extends Error {}

interface Claim {
  orderId: string;
  purchase: Purchase;
}

/**
 * One of several requests wins; the others meet a write conflict, retry, and find it used. It also stops an order of an account that is
 * being deleted, which takes the quotes away.
 */
export async function claimQuote(tx: Tx, quote: QuoteRow, { orderId, purchase }: Claim): Promise<void> {
  const at = now();
  const free = { usedAt: null, replacedBy: null, expiresAt: { $gt: at } };
  try {
    const { matchedCount } = await QuoteModel.collection.updateOne(
      { _id: quote._id as never, customerId: quote.customerId, ...free },
      { $set: { usedAt: at, orderId, purchase } },
      { session: tx },
    );
    if (matchedCount === 0) throw new AppError(quote.expiresAt <= at ? 'quote_expired' : 'quote_used');
  } catch (error) {
    // The same key has bought another quote.
    throw isDuplicateKey(error) ? new KeyTaken() : error;
  }
}

interface Failure {
  error: unknown;
  /** It happened while another request held the quote. */
  isPending: boolean;
}

/**
 * Whoever was answered under this key gets that answer, whatever stands in the way now; else the refusal stays.
 * @throws AppError the refusal, `idempotency_key_reused`, `idempotency_in_flight`
 */
export async function settleRefusal({ error, isPending }: Failure, key: PurchaseKey): Promise<Answer> {
  if (isPending && isAppError(error, 'service_unavailable')) {
    countIdempotent('in_flight');
    throw new AppError('idempotency_in_flight', { cause: error, retryAfterSeconds: 1 });
  }
  if (!isAppError(error) && !(error instanceof KeyTaken)) throw error;
  const bought = await boughtQuery(key.keyHash).lean<Pick<QuoteRow, 'purchase'>>();
  const replay = bought === null ? null : replayOf(bought, key);
  if (replay === null) throw error;
  return replay;
}

/**
 * Linearizable: the transaction that lost has seen the winner's commit, perhaps before a majority had it, and a majority read would not.
 * Exported for the explain test.
 */
export function boughtQuery(keyHash: string) {
  return QuoteModel.findOne({ 'purchase.keyHash': keyHash }, { purchase: 1 })
    .read('primary')
    .readConcern('linearizable');
}
