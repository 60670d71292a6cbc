import type { StoredAsset } from './cloudinary/asset-store.ts';
import type { StoredCallback } from './cloudinary/exchange.ts';
import type { CloudFaultsInput } from './cloudinary/faults.ts';
import type { StoredMail } from './mail/mailbox.ts';
import type { MailFaultsInput } from './mail/mail-faults.ts';
import type { OauthFaultsInput } from './oauth/faults.ts';
import type { PersonInput } from './oauth/people.ts';
import type { PushFaultsInput, PushSubscription, StoredPush } from './push/server.ts';
import type { BookReport } from './stripe/book-report.ts';
import type { Delivery } from './stripe/deliveries.ts';
import type { Faults, FaultsInput } from './stripe/faults.ts';
import type { Dispute, PaymentIntent, Payout, Refund } from './stripe/types.ts';
import type { SmsFaultsInput } from './twilio/faults.ts';
import type { StoredSms } from './twilio/message.ts';

export type {
  BookReport,
  Delivery,
  FaultsInput,
  MailFaultsInput,
  OauthFaultsInput,
  PersonInput,
  SmsFaultsInput,
  StoredMail,
  StoredSms,
};
export type ReceivedMail = StoredMail & { copies: number };

export interface CardPayment {
  stripeUrl: string;
  publishableKey: string;
  clientSecret: string;
  /** One of Stripe's test payment methods, such as `pm_card_visa`. */
  paymentMethod: string;
}

export type PaymentResult =
  | { ok: true; intent: Pick<PaymentIntent, 'id' | 'status' | 'next_action'> }
  | { ok: false; status: number; code: string | null; declineCode: string | null; message: string };

/** What Stripe.js does in the customer's browser: it confirms with the publishable key and the client secret alone. */
export async function payWithCard(payment: CardPayment): Promise<PaymentResult> {
  const intentId = payment.clientSecret.split('_secret_')[0] ?? '';
  const response = await fetch(`${payment.stripeUrl}/v1/payment_intents/${intentId}/confirm`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${payment.publishableKey}` },
    body: new URLSearchParams({
      client_secret: payment.clientSecret,
      payment_method: payment.paymentMethod,
      use_stripe_sdk: 'true',
    }),
  });
  return readPaymentResult(response);
}

async function readPaymentResult(response: Response): Promise<PaymentResult> {
  const body = (await response.json()) as PaymentIntent & {
    error?: { code?: string; decline_code?: string; message: string };
  };
  if (body.error === undefined) return { ok: true, intent: body };
  const { code, decline_code: declineCode, message } = body.error;
  return { ok: false, status: response.status, code: code ?? null, declineCode: declineCode ?? null, message };
}

/** The customer answers the bank's question (3-D Secure). */
export async function authenticatePayment(
  url: string,
  intentId: string,
  outcome: 'approve' | 'fail',
): Promise<PaymentIntent> {
  return control(url, `payment_intents/${intentId}/authenticate`, { outcome });
}

/** Ends a payment that a `processing` fault left open. */
export async function settlePayment(
  url: string,
  intentId: string,
  outcome: 'approve' | 'fail',
): Promise<PaymentIntent> {
  return control(url, `payment_intents/${intentId}/settle`, { outcome });
}

/** The hold runs out, as it does after seven days. */
export async function expirePayment(url: string, intentId: string): Promise<PaymentIntent> {
  return control(url, `payment_intents/${intentId}/expire`, {});
}

/** The customer's bank takes the money back. */
export async function openDispute(url: string, intentId: string, input: { amount?: number } = {}): Promise<Dispute> {
  return control(url, `payment_intents/${intentId}/dispute`, input);
}

export async function closeDispute(url: string, disputeId: string, outcome: 'won' | 'lost'): Promise<Dispute> {
  return control(url, `disputes/${disputeId}/close`, { outcome });
}

/** Ends a refund that a `processing` fault left pending, or lets one fail days later. */
export async function settleRefund(url: string, refundId: string, outcome: 'approve' | 'fail'): Promise<Refund> {
  return control(url, `refunds/${refundId}/settle`, { outcome });
}

/** The bank sends a payout of ours back. */
export async function failPayout(url: string, payoutId: string): Promise<Payout> {
  return control(url, `payouts/${payoutId}/fail`, {});
}

export interface CardSaving {
  stripeUrl: string;
  publishableKey: string;
  clientSecret: string;
  paymentMethod: string;
}

/** What Stripe.js does to save a card: it confirms the setup intent; the HTTP status. */
export async function saveCard({ stripeUrl, publishableKey, ...card }: CardSaving): Promise<number> {
  const setupId = card.clientSecret.split('_secret_')[0] ?? '';
  const response = await fetch(`${stripeUrl}/v1/setup_intents/${setupId}/confirm`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${publishableKey}` },
    body: new URLSearchParams({ client_secret: card.clientSecret, payment_method: card.paymentMethod }),
  });
  await response.body?.cancel();
  return response.status;
}

export async function book(stripeUrl: string): Promise<BookReport> {
  return call(`${stripeUrl}/_control/book`);
}

export async function listDeliveries(stripeUrl: string): Promise<Delivery[]> {
  const { deliveries } = await call<{ deliveries: Delivery[] }>(`${stripeUrl}/_control/deliveries`);
  return deliveries;
}

export async function setFaults(stripeUrl: string, faults: FaultsInput): Promise<Faults> {
  return control(stripeUrl, 'faults', faults);
}

export async function clearFaults(stripeUrl: string): Promise<Faults> {
  return call(`${stripeUrl}/_control/faults`, { method: 'DELETE' });
}

export async function setWebhookUrl(stripeUrl: string, url: string | null): Promise<void> {
  await control(stripeUrl, 'webhooks/url', { url });
}

/** Sends held events in this order, one after the other; returns how many, once each was tried. */
export async function releaseWebhooks(stripeUrl: string, order: 'created' | 'reverse' = 'created'): Promise<number> {
  const { released } = await control<{ released: number }>(stripeUrl, 'webhooks/release', { order });
  return released;
}

/** Sends an event again, `times` at once; the HTTP statuses it was answered with. */
export async function resendEvent(stripeUrl: string, eventId: string, times = 1): Promise<string[]> {
  const { outcomes } = await control<{ outcomes: string[] }>(stripeUrl, `events/${eventId}/resend`, { times });
  return outcomes;
}

/** Waits until every event that is not held was delivered; false when the time was up first. */
export async function drainWebhooks(stripeUrl: string, timeoutMs = 10_000): Promise<boolean> {
  const { isDrained } = await control<{ isDrained: boolean }>(stripeUrl, 'webhooks/drain', { timeoutMs });
  return isDrained;
}

export interface MailQuery {
  to?: string;
  subject?: string;
  messageId?: string;
}

export async function listMail(inboxUrl: string, query: MailQuery = {}): Promise<ReceivedMail[]> {
  const { data } = await call<{ data: ReceivedMail[] }>(`${inboxUrl}/api/messages?${search(query)}`);
  return data;
}

/** The newest fitting mail, as soon as there is one; throws when the time is up. */
export async function waitForMail(inboxUrl: string, query: MailQuery, timeoutMs = 10_000): Promise<ReceivedMail> {
  return call(`${inboxUrl}/api/messages/wait?${search({ ...query, timeoutMs: String(timeoutMs) })}`);
}

export async function setMailFaults(inboxUrl: string, faults: MailFaultsInput): Promise<void> {
  await call(`${inboxUrl}/api/faults`, jsonPost(faults));
}

export async function clearMailFaults(inboxUrl: string): Promise<void> {
  await call(`${inboxUrl}/api/faults`, { method: 'DELETE' });
}

export async function clearMail(inboxUrl: string): Promise<void> {
  await call(`${inboxUrl}/api/messages`, { method: 'DELETE' });
}

export interface SmsQuery {
  to?: string;
  /** Part of the text. */
  body?: string;
}

/** Newest first. */
export async function listSms(twilioUrl: string, query: SmsQuery = {}): Promise<StoredSms[]> {
  const { data } = await call<{ data: StoredSms[] }>(`${twilioUrl}/_control/messages?${search(query)}`);
  return data;
}

/** The newest fitting text message, as soon as there is one; throws when the time is up. */
export async function waitForSms(twilioUrl: string, query: SmsQuery, timeoutMs = 10_000): Promise<StoredSms> {
  return call(`${twilioUrl}/_control/messages/wait?${search({ ...query, timeoutMs: String(timeoutMs) })}`);
}

export async function setSmsFaults(twilioUrl: string, ...faults: SmsFaultsInput['faults']): Promise<void> {
  await control(twilioUrl, 'faults', { faults });
}

export async function clearSmsFaults(twilioUrl: string): Promise<void> {
  await call(`${twilioUrl}/_control/faults`, { method: 'DELETE' });
}

export async function clearSms(twilioUrl: string): Promise<void> {
  await call(`${twilioUrl}/_control/messages`, { method: 'DELETE' });
}

/** From now on this person signs in without being asked; null: the consent page asks. */
export async function signInWith(providerUrl: string, person: PersonInput | null): Promise<void> {
  await control(providerUrl, 'sign-in', { person });
}

export async function setOauthFaults(providerUrl: string, ...faults: OauthFaultsInput): Promise<void> {
  await control(providerUrl, 'faults', { faults });
}

export async function clearOauthFaults(providerUrl: string): Promise<void> {
  await call(`${providerUrl}/_control/faults`, { method: 'DELETE' });
}

/** Everything that the image cloud keeps, by name. */
export async function listCloudAssets(cloudinaryUrl: string): Promise<StoredAsset[]> {
  const { data } = await call<{ data: StoredAsset[] }>(`${cloudinaryUrl}/_control/assets`);
  return data;
}

export async function clearCloudAssets(cloudinaryUrl: string): Promise<void> {
  await call(`${cloudinaryUrl}/_control/assets`, { method: 'DELETE' });
}

/** The assets whose names begin so were stored that much earlier; how many they are. */
export async function ageCloudAssets(cloudinaryUrl: string, prefix: string, seconds: number): Promise<number> {
  const { aged } = await control<{ aged: number }>(cloudinaryUrl, 'assets/age', { prefix, seconds });
  return aged;
}

export async function setCloudFaults(cloudinaryUrl: string, ...faults: CloudFaultsInput['faults']): Promise<void> {
  await control(cloudinaryUrl, 'faults', { faults });
}

export async function clearCloudFaults(cloudinaryUrl: string): Promise<void> {
  await call(`${cloudinaryUrl}/_control/faults`, { method: 'DELETE' });
}

/** Where callbacks go instead of the signed address (null: there), and whether they get lost. */
export async function setCloudCallbacks(
  cloudinaryUrl: string,
  settings: { url?: string | null; drop?: boolean },
): Promise<void> {
  await control(cloudinaryUrl, 'callbacks', settings);
}

export async function listCloudCallbacks(cloudinaryUrl: string): Promise<StoredCallback[]> {
  const { data } = await call<{ data: StoredCallback[] }>(`${cloudinaryUrl}/_control/callbacks`);
  return data;
}

/** What a page gets from its browser when it asks to be told. */
export async function subscribeToPush(pushUrl: string): Promise<PushSubscription> {
  return control(pushUrl, 'subscriptions', {});
}

/** Newest first. */
export async function listPushMessages(pushUrl: string): Promise<StoredPush[]> {
  const { data } = await call<{ data: StoredPush[] }>(`${pushUrl}/_control/messages`);
  return data;
}

export async function setPushFaults(pushUrl: string, ...faults: PushFaultsInput['faults']): Promise<void> {
  await control(pushUrl, 'faults', { faults });
}

function search(values: object): string {
  return new URLSearchParams(Object.entries(values) as [string, string][]).toString();
}

function control<T>(url: string, path: string, body: unknown): Promise<T> {
  return call(`${url}/_control/${path}`, jsonPost(body));
}

function jsonPost(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

async function call<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init);
  const body = (await response.json()) as T & { error?: { message: string } };
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${body.error?.message ?? response.status}`);
  return body;
}
