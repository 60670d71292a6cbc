import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { cancelBySystem, findOrder, TERMINAL_STATUSES, type OrderRecord } from '../orders/index.ts';
import { findSavedCard } from './cards/cards.queries.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import { isRefusal } from './gateways/stripe-client.ts';
import * as gateway from './gateways/stripe.ts';
import type { ProviderRecord } from './gateways/provider-record.ts';
import { makeIntent } from './intents.service.ts';
import type { PaymentRecord } from './payment.model.ts';
import { HOLD_OVERDUE } from './payments.events.ts';
import { getPaymentOf } from './payments.service.ts';
import { beginAttempt } from './rotate-intent.service.ts';

/** T10. No timer waits for the provider: the renewal is a job of its own, of the hold that is there now. */
export async function promiseRenewal(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const { attempt } = await getPaymentOf(orderId, tx);
    await appendOutbox(tx, [{ event: HOLD_OVERDUE, payload: { orderId, attempt } }]);
  });
}

interface OldHold {
  orderId: string;
  /** Of the payment: the hold that runs out. The next one is not renewed by the same promise. */
  attempt: number;
}

/**
 * A hold that runs out soon is taken anew with the customer's saved card; without one, or where the bank says no, the order is
 * cancelled: nobody cooks what nobody pays, also where the provider stays silent to the last try. Safe to repeat: each hold is followed
 * by one other.
 */
export async function renewHold({ orderId, attempt }: OldHold, { isLastTry = false } = {}): Promise<void> {
  const [order, payment] = await Promise.all([findOrder(orderId), getPaymentOf(orderId)]);
  if (order === null || TERMINAL_STATUSES.includes(order.status)) return;
  if (isHeldBy(payment, attempt)) {
    if (payment.cardId === null) return giveUp(orderId);
    await begin(order, payment, payment.cardId);
  }
  try {
    await finish(orderId);
  } catch (error) {
    if (isLastTry && (await getPaymentOf(orderId)).status === 'requires_payment') await giveUp(orderId);
    throw error;
  }
}

function isHeldBy({ status, attempt }: PaymentRecord, heldAttempt: number): boolean {
  return status === 'authorized' && attempt === heldAttempt;
}

/** What this try began, or one that died on its way. */
async function finish(orderId: string): Promise<void> {
  const renewed = await getPaymentOf(orderId);
  if (renewed.status !== 'requires_payment' || renewed.renewalCardId === null) return;
  const record = await tryCard(renewed);
  if (record !== null) await withTransaction((tx) => finalizePayment(tx, record));
  if (record?.status !== 'authorized') await giveUp(orderId);
}

function begin(order: OrderRecord, payment: PaymentRecord, renewalCardId: string): Promise<boolean> {
  const next = { amountMinor: order.amountDueMinor, renewalCardId };
  return withTransaction((tx) => beginAttempt(tx, payment, next));
}

/** The intent is known here before any money is held on it. */
async function tryCard(payment: PaymentRecord): Promise<ProviderRecord | null> {
  const { _id: paymentId, customerId, renewalCardId } = payment;
  const card = await findSavedCard(customerId, renewalCardId ?? '');
  if (card === null) return null;
  try {
    const made = await makeIntent({ ...payment, paymentId });
    return made === null ? null : await gateway.confirmIntent(made.intentId, card, { isOffSession: true });
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

async function giveUp(orderId: string): Promise<void> {
  await withTransaction((tx) => cancelBySystem(tx, { orderId, reason: 'hold_expired', liableParty: 'platform' }));
}
