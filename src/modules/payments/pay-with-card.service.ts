import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import type { CardRecord } from './cards/card.model.ts';
import { finalizePayment } from './finalize-payment.service.ts';
import * as gateway from './gateways/stripe.ts';
import { ensureIntent } from './intents.service.ts';
import { PaymentModel } from './payment.model.ts';

/**
 * Pays the present intent of a payment with a saved card. A declined card is no fault: the payment says so, and the next one may be tried.
 * @throws AppError `payment_provider_unavailable`: nobody knows whether it was paid; the webhook or the reconciler tells
 */
export async function payWithCard(card: CardRecord, paymentId: string): Promise<void> {
  const { clientSecret } = await ensureIntent(paymentId);
  const payment = await PaymentModel.findById(paymentId, { intentId: 1 }).lean();
  const intentId = payment?.intentId ?? null;
  if (clientSecret === null || intentId === null) throw new AppError('payment_provider_unavailable');
  await PaymentModel.updateOne({ _id: paymentId, intentId }, { $set: { cardId: card._id } });
  const record = await gateway.confirmIntent(intentId, card).catch((error: unknown) => {
    throw new AppError('payment_provider_unavailable', { cause: error });
  });
  await withTransaction((tx) => finalizePayment(tx, record));
}
