import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { quarantine } from '../move-payment.service.ts';
import * as gateway from '../gateways/stripe-cards.ts';
import { CARDS_REMOVED } from '../payments.events.ts';
import { CardModel, ProviderCustomerModel, type CardRecord } from './card.model.ts';
import { findCardsOf } from './cards.queries.ts';

export const MOST_CARDS = 20;

export interface CardSetup {
  clientSecret: string;
  publishableKey: string;
}

/**
 * Begins the saving of a card: the browser gives it to the provider with this secret, and the provider tells us when it has it.
 * @throws AppError `too_many_cards`, `payment_provider_unavailable`
 */
export async function addCard({ userId }: Actor): Promise<CardSetup> {
  const cards = await findCardsOf(userId, MOST_CARDS);
  if (cards.length === MOST_CARDS) throw new AppError('too_many_cards');
  try {
    const setup = await gateway.createSetup(userId, await ensureCustomer(userId));
    return { ...setup, publishableKey: config.payments.publishableKey };
  } catch (error) {
    throw new AppError('payment_provider_unavailable', { cause: error });
  }
}

async function ensureCustomer(userId: string): Promise<string> {
  const known = await ProviderCustomerModel.findById(userId).lean();
  if (known !== null) return known.providerCustomerId;
  // The same customer for two at once: the provider keeps it under the user's id.
  const providerCustomerId = await gateway.createCustomer(userId);
  await ProviderCustomerModel.updateOne({ _id: userId }, { $setOnInsert: { providerCustomerId } }, { upsert: true });
  return providerCustomerId;
}

export function listCards({ userId }: Actor): Promise<CardRecord[]> {
  return findCardsOf(userId, MOST_CARDS);
}

/** Job: only what the provider says it has saved is a card. Idempotent: unique by the provider's name for it. */
export async function saveCard(setupIntentId: string): Promise<void> {
  const { userId, ...card } = await gateway.retrieveSavedCard(setupIntentId);
  const owner = await ProviderCustomerModel.findById(userId ?? '').lean();
  if (userId === null || owner?.providerCustomerId !== card.providerCustomerId) {
    quarantine('card', { setupIntentId });
    return;
  }
  await withTransaction(async (tx) => {
    const { upsertedCount } = await CardModel.collection.updateOne(
      { paymentMethodId: card.paymentMethodId },
      { $setOnInsert: { _id: newId(), userId, ...card, createdAt: now() } },
      { upsert: true, session: tx },
    );
    if (upsertedCount === 1) await recordAudit(tx, { event: 'money.card_saved', actorId: userId, subjectId: userId });
  });
}

/** @throws AppError `not_found`, also for another user's card */
export async function removeCard(cardId: string, { userId }: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const card = await CardModel.findOneAndDelete({ _id: cardId, userId }).session(tx).lean();
    if (card === null) throw new AppError('not_found');
    const { providerCustomerId, paymentMethodId } = card;
    await appendOutbox(tx, [{ event: CARDS_REMOVED, payload: { providerCustomerId, paymentMethodId } }]);
    await recordAudit(tx, { event: 'money.card_removed', subjectId: userId });
  });
}

/** Everything that is saved to pay with, here and at the provider; with the account. */
export async function forgetCards(tx: Tx, userId: string): Promise<void> {
  await CardModel.deleteMany({ userId }).session(tx);
  const customer = await ProviderCustomerModel.findOneAndDelete({ _id: userId }).session(tx).lean();
  if (customer === null) return;
  const { providerCustomerId } = customer;
  await appendOutbox(tx, [{ event: CARDS_REMOVED, payload: { providerCustomerId, paymentMethodId: null } }]);
}
