import { localCloud } from '../setup/with-local-cloud.ts';
import { book, payWithCard, saveCard as saveAtProvider } from '../../scripts/local-cloud/control-client.ts';
import { ledgerEntries } from '../../src/modules/ledger/ledger-entry.model.ts';
import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { CardModel } from '../../src/modules/payments/cards/card.model.ts';
import { addCard, saveCard } from '../../src/modules/payments/cards/cards.service.ts';
import { PaymentModel, type PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import { newId } from '../../src/shared/ids.ts';

export async function storedTip(tipId: string): Promise<PaymentRecord> {
  const found = await PaymentModel.findById(tipId).lean();
  if (found === null) throw new Error('no such tip');
  return found;
}

/** What the browser does with the client secret. */
export function payInBrowser(
  { clientSecret, publishableKey }: { clientSecret: string | null; publishableKey: string },
  paymentMethod = 'pm_card_visa',
) {
  const { stripeUrl } = localCloud;
  return payWithCard({ stripeUrl, publishableKey, clientSecret: clientSecret ?? '', paymentMethod });
}

/** A card of the user's, set up and confirmed at the provider. */
export async function createSavedCard(userId: string, paymentMethod = 'pm_card_visa'): Promise<string> {
  const setup = await addCard({ userId, roles: ['customer'], sessionId: newId() });
  await saveAtProvider({ stripeUrl: localCloud.stripeUrl, ...setup, paymentMethod });
  await saveCard(setup.clientSecret.split('_secret_')[0] ?? '');
  const card = await CardModel.findOne({ userId }).sort({ _id: -1 }).lean();
  return card?._id ?? '';
}

/** Of the order's tips at the provider. */
export async function takenFor({ _id }: OrderRecord): Promise<{ intents: number; captured: number }> {
  const { perIntent } = await book(localCloud.stripeUrl);
  const ours = perIntent.filter(({ metadata }) => metadata['orderId'] === _id && metadata['purpose'] === 'tip');
  return { intents: ours.length, captured: ours.reduce((sum, { captured }) => sum + captured, 0) };
}

/** By account, of all that was posted for an order. */
export async function booksOf({ _id }: OrderRecord): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const { lines } of ledgerEntries().find({ orderId: _id }, { comment: 'asked by a test' })) {
    for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  }
  return sums;
}
