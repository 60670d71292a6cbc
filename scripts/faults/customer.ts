import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedOrder } from '../demo/bodies.ts';
import { payWithCard } from '../local-cloud/control-client.ts';
import type { Answered, Entry, Journal } from './journal.ts';

/** As long as a patient app; the product answers within five seconds or says when to come again. */
const PATIENCE_MS = 12_000;
const TRIES = 5;
/** The status of a request that reached no process. */
export const UNHEARD = -1;

export interface Shop {
  /** Where APIs answer; a retry goes to the next one. */
  urls: readonly string[];
  stripeUrl: string;
  journal: Journal;
  /** Told with each POST /orders that leaves. */
  onSent?: (url: string) => void;
}

/** Orders with up to five tries under one key, pays, and perhaps cancels. What stays open is for `resolve`. */
export async function shopOnce(shop: Shop, entry: Entry, wantsToCancel: boolean): Promise<void> {
  await order(shop, entry, TRIES);
  if (entry.outcome !== 'ok') return;
  await pay(shop, entry);
  if (!wantsToCancel) return;
  entry.cancellation = 'unknown';
  await cancel(shop, entry, TRIES);
}

/** Asks under the same keys until everything has an answer. */
export async function resolve(shop: Shop, entry: Entry): Promise<void> {
  const tries = 40;
  if (entry.outcome === 'unknown' || entry.outcome === 'invoked') await order(shop, entry, tries);
  if (entry.outcome !== 'ok') return;
  if (!entry.isPaid && entry.cancellation !== 'ok') await pay(shop, entry);
  if (entry.cancellation === 'unknown') await cancel(shop, entry, tries);
}

async function order(shop: Shop, entry: Entry, tries: number): Promise<void> {
  for (let count = 0; count < tries; count += 1) {
    await placeOnce(shop, entry);
    if (entry.outcome !== 'unknown') return;
    await pause(count);
  }
}

/** One POST /orders; its answer goes into the entry. */
export async function placeOnce(shop: Shop, entry: Entry): Promise<void> {
  const { quoteId, token, key } = entry.job;
  const url = urlFor(shop, entry);
  entry.tries += 1;
  shop.onSent?.(url);
  const answer = await post(shop, `${url}/api/v1/orders`, { token, key, body: { quoteId, paymentMethod: 'card' } });
  if (answer.status === 201) {
    entry.outcome = 'ok';
    entry.texts.push(answer.text);
    entry.order = JSON.parse(answer.text) as PlacedOrder;
  } else if (isUnclear(answer)) {
    // Nobody was there to hear it: that is known.
    entry.wasUnknown ||= answer.status !== UNHEARD;
    if (entry.outcome !== 'ok') entry.outcome = 'unknown';
  } else {
    entry.outcome = 'refused';
    entry.refusal = `${answer.status} ${answer.text.slice(0, 200)}`;
  }
}

/** Customers come in at all doors, and go to the next one with each try. */
function urlFor({ urls, journal }: Shop, entry: Entry): string {
  return urls[(Math.max(0, journal.entries.indexOf(entry)) + entry.tries) % urls.length] ?? '';
}

/** The provider may have been silent when the order was made: the same key then asks for the secret again. */
async function pay(shop: Shop, entry: Entry): Promise<void> {
  for (let count = 0; count < 40 && !entry.isPaid; count += 1) {
    if (count > 0) await pause(count);
    const { clientSecret, publishableKey } = entry.order?.payment ?? { clientSecret: null, publishableKey: '' };
    if (clientSecret === null) await placeOnce(shop, entry);
    else entry.isPaid = await tryPaying({ stripeUrl: shop.stripeUrl, clientSecret, publishableKey });
  }
}

async function tryPaying(card: { stripeUrl: string; clientSecret: string; publishableKey: string }): Promise<boolean> {
  try {
    const result = await payWithCard({ ...card, paymentMethod: 'pm_card_visa' });
    // Paid already, by a try whose answer was lost.
    return result.ok || result.code === 'payment_intent_unexpected_state';
  } catch {
    return false;
  }
}

async function cancel(shop: Shop, entry: Entry, tries: number): Promise<void> {
  const { token, key } = entry.job;
  for (let count = 0; count < tries; count += 1) {
    const url = shop.urls[count % shop.urls.length] ?? '';
    const path = `${url}/api/v1/orders/${entry.order?.id ?? ''}/cancel`;
    const answer = await post(shop, path, { token, key: `${key}-cancel`, body: {} });
    if (!isUnclear(answer)) {
      entry.cancellation = answer.status === 200 ? 'ok' : 'refused';
      return;
    }
    await pause(count);
  }
}

function isUnclear({ status, text }: { status: number; text: string }): boolean {
  return status <= 0 || status === 429 || status >= 500 || text.includes('idempotency_in_flight');
}

/** Grows with the tries, up to two seconds. */
function pause(count: number): Promise<void> {
  return sleep(Math.min(2000, 100 * 2 ** count));
}

interface Post {
  token: string;
  key: string;
  body: object;
}

async function post(shop: Shop, url: string, { token, key, body }: Post): Promise<{ status: number; text: string }> {
  const startedAt = performance.now();
  const note = (answer: Omit<Answered, 'atMs' | 'ms'>) => {
    shop.journal.answers.push({ ...answer, atMs: startedAt, ms: performance.now() - startedAt });
  };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isReplay = response.headers.get('idempotent-replayed') === 'true';
    note({ status: response.status, isReplay, isRetryNamed: response.headers.has('retry-after') });
    return { status: response.status, text };
  } catch (error) {
    const status = isRefusedConnection(error) ? UNHEARD : 0;
    note({ status, isReplay: false, isRetryNamed: false });
    return { status, text: '' };
  }
}

function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
