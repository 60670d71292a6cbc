import type { ProviderCard } from './provider-record.ts';
import { savedCardSchema, understood } from './stripe-answers.ts';
import { guarded, isRefusal } from './stripe-client.ts';

/** One customer per user at the provider, with our id and nothing personal. */
export async function createCustomer(userId: string): Promise<string> {
  const key = { idempotencyKey: `customer-${userId}` };
  return guarded(async (stripe) => (await stripe.customers.create({ metadata: { userId } }, key)).id);
}

/** Lets the browser give a card to the provider, and to nobody else. */
export async function createSetup(userId: string, providerCustomerId: string): Promise<{ clientSecret: string }> {
  const intent = await guarded((stripe) =>
    stripe.setupIntents.create({
      customer: providerCustomerId,
      allowed_payment_method_types: ['card'],
      usage: 'off_session',
      metadata: { userId },
    }),
  );
  if (intent.client_secret === null) throw new Error('a setup intent without a client secret');
  return { clientSecret: intent.client_secret };
}

/** @throws while it has not succeeded */
export async function retrieveSavedCard(setupIntentId: string): Promise<ProviderCard> {
  return guarded(async (stripe) =>
    understood(savedCardSchema, await stripe.setupIntents.retrieve(setupIntentId, { expand: ['payment_method'] })),
  );
}

/** Without a card: the customer and all cards. What is gone already counts as forgotten. */
export async function forgetAtProvider(providerCustomerId: string, paymentMethodId: string | null): Promise<void> {
  try {
    await guarded(async (stripe) => {
      if (paymentMethodId === null) await stripe.customers.del(providerCustomerId);
      else await stripe.paymentMethods.detach(paymentMethodId);
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
