import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { counter, reportError } from '../../infra/observability/index.ts';
import { scheduleTimer } from '../../infra/timers/index.ts';
import { secondsFromNow } from '../../shared/clock.ts';
import { cancelBySystem, recordPaymentEvent, TERMINAL_STATUSES } from '../orders/index.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';
import { PAY_AGAIN_TIMER } from './payments.events.ts';

const problems = counter('quickbite_payment_problems_total', 'Captures that were refused for good');

/** Without money, and without a way to it but the customer's. */
const MONEYLESS = ['capturing', 'voiding', 'voided', 'failed'] as const;

/**
 * The provider will not give us money for an order that is being cooked: the customer may pay again, for a while. Nothing, where the
 * payment has gone on: an answer that comes late is about an attempt that no longer counts.
 */
export async function flagProblem({ _id, attempt, orderId }: PaymentRecord): Promise<void> {
  const flagged = await withTransaction(async (tx) => {
    const present = { _id, attempt, status: trusted({ $in: MONEYLESS }) };
    if ((await PaymentModel.exists(present).session(tx)) === null) return null;
    const payAgainUntil = secondsFromNow(config.orders.payAgainSeconds);
    const flag = { orderId, type: 'payment.problem', paymentStatus: 'payment_problem' } as const;
    const isNew = { paymentStatus: { $ne: 'payment_problem' }, amountDueMinor: { $gt: 0 } };
    const order = await recordPaymentEvent(tx, { ...flag, set: { payAgainUntil } }, isNew);
    // Who has eaten cannot be made to pay by a cancellation: a human must ask.
    if (order === null || TERMINAL_STATUSES.includes(order.status)) return order;
    await scheduleTimer(tx, { kind: PAY_AGAIN_TIMER, subjectId: orderId, dueAt: payAgainUntil });
    return order;
  });
  if (flagged === null) return;
  problems.inc();
  reportError(new Error(`capture of order ${orderId} was refused`), { where: 'capturePayment' });
}

/**
 * Nobody paid again: O19 with the platform liable. Whoever pays at this moment meets a write conflict, and one of the two wins. Only
 * money ends the time to pay: who has begun with another card, which was declined or whose bank asks, has not paid.
 */
export async function endUnpaidAgain(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const still = await recordPaymentEvent(
      tx,
      { orderId, type: 'payment.failed', paymentStatus: 'payment_problem', set: { payAgainUntil: null } },
      { payAgainUntil: { $ne: null } },
    );
    if (still !== null) await cancelBySystem(tx, { orderId, reason: 'payment_problem', liableParty: 'platform' });
  });
}
