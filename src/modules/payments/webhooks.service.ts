import { config } from '../../config/index.ts';
import { isDuplicateKey } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { counter } from '../../infra/observability/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { now } from '../../shared/clock.ts';
import { applyDispute } from './disputes/disputes.service.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import type { ProviderEvent, ProviderNews } from './gateways/provider-record.ts';
import { quarantine, type FinalizeResult } from './move-payment.service.ts';
import { PaymentModel } from './payment.model.ts';
import { CARD_SAVED } from './payments.events.ts';
import { applyRefund } from './refunds/refund-job.service.ts';
import { WebhookEventModel } from './webhook-event.model.ts';

export type EventResult = FinalizeResult | 'ignored' | 'duplicate';

const webhooks = counter('quickbite_webhook_events_total', 'Events of the payment provider', [
  'provider',
  'type',
  'result',
]);

/** One event of the provider, however often it comes: inbox row and effect in one transaction. */
export async function receiveProviderEvent(event: ProviderEvent): Promise<EventResult> {
  const result = await applyOnce(event);
  webhooks.inc({ provider: 'stripe', type: event.type, result });
  return result;
}

async function applyOnce(event: ProviderEvent): Promise<EventResult> {
  try {
    return await withTransaction(async (tx) => {
      await claimEvent(tx, event);
      const result = await applyEvent(tx, event);
      await WebhookEventModel.updateOne({ _id: event.id }, { $set: { result } }).session(tx);
      return result;
    });
  } catch (error) {
    if (error instanceof ReceivedBefore) return 'duplicate';
    throw error;
  }
}

/** Its own error: a duplicate that the effect meets elsewhere must not pass for an event that was received. */
class ReceivedBefore extends Error {}

async function claimEvent(tx: Tx, { id, type }: ProviderEvent): Promise<void> {
  const row = { _id: id, provider: 'stripe', type, receivedAt: now(), result: 'received' };
  try {
    await WebhookEventModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    throw isDuplicateKey(error) ? new ReceivedBefore() : error;
  }
}

async function applyEvent(tx: Tx, { id, type, isLive, news }: ProviderEvent): Promise<EventResult> {
  if (news.kind === 'other') return 'ignored';
  // A test's event where money is real, or the reverse.
  if (isLive !== config.payments.isLive) return quarantine('mode', { id, type });
  return applyNews(tx, news);
}

function applyNews(tx: Tx, news: Exclude<ProviderNews, { kind: 'other' }>): Promise<EventResult> {
  switch (news.kind) {
    case 'intent':
      return finalizePayment(tx, news.record);
    case 'refund':
      return applyRefund(tx, news.refund);
    case 'charge':
      return checkRefunds(tx, news);
    case 'dispute':
      return applyDispute(tx, news.dispute);
    case 'card_saved':
      return promiseCard(tx, news.setupIntentId);
  }
}

/** Every refund has its own event; this one only tells their sum, which shows those that we did not make. */
async function checkRefunds(
  tx: Tx,
  { intentId, amountRefundedMinor }: Extract<ProviderNews, { kind: 'charge' }>,
): Promise<EventResult> {
  const payment = intentId === null ? null : await PaymentModel.findOne({ intentId }).session(tx).lean();
  // Of an intent that was given up, perhaps: what it took goes back without our books.
  if (payment === null) return 'ignored';
  const ours = payment.amountRefundedMinor + payment.pendingRefundMinor;
  return amountRefundedMinor > ours ? quarantine('refunded', { intentId, amountRefundedMinor, ours }) : 'unchanged';
}

async function promiseCard(tx: Tx, setupIntentId: string): Promise<EventResult> {
  await appendOutbox(tx, [{ event: CARD_SAVED, payload: { setupIntentId } }]);
  return 'applied';
}
