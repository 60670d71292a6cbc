import type { Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { now } from '../../shared/clock.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';
import { INTENT_GIVEN_UP } from './payments.events.ts';

interface NextAttempt {
  /** What is still owed, which an amendment may have changed. */
  amountMinor: number;
  renewalCardId?: string;
}

/**
 * Gives an intent up and begins the payment anew, with the next one: the machine starts over. Whatever happens to the old intent is
 * undone. Conditional on the attempt: of two at once, one begins it.
 */
export async function beginAttempt(
  tx: Tx,
  payment: PaymentRecord,
  { amountMinor, renewalCardId }: NextAttempt,
): Promise<boolean> {
  const { _id: paymentId, attempt, status, intentId } = payment;
  const { modifiedCount } = await PaymentModel.collection.updateOne(
    { _id: paymentId as never, attempt, status },
    {
      $set: {
        ...{ status: 'requires_payment', amountMinor, attempt: attempt + 1, intentId: null, clientSecret: null },
        ...{ captureMinor: null, failureCode: null, renewalCardId: renewalCardId ?? null, updatedAt: now() },
      },
      ...(intentId === null ? {} : { $push: { pastIntentIds: intentId as never } }),
    },
    { session: tx },
  );
  if (modifiedCount === 1 && intentId !== null) {
    await appendOutbox(tx, [{ event: INTENT_GIVEN_UP, payload: { paymentId, intentId } }]);
  }
  return modifiedCount === 1;
}
