import type { Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers } from '../../../infra/timers/index.ts';
import { now } from '../../../shared/clock.ts';
import { postToLedger } from '../../ledger/index.ts';
import { getOrderIn, type OrderRecord } from '../../orders/index.ts';
import type { ProviderRecord, ProviderStatus } from '../gateways/provider-record.ts';
import {
  auditMoney,
  movePayment,
  postCapture,
  quarantine,
  type Apply,
  type FinalizeResult,
} from '../move-payment.service.ts';
import { PaymentModel, type PaymentRecord } from '../payment.model.ts';
import { TIP_TIMER } from '../payments.events.ts';
import { requestRefund } from '../refunds/request-refund.service.ts';
import { tellTip } from './tell-tip.service.ts';
import { isWaiting } from './tip-rules.ts';

/** What the provider says of a tip. `finalizePayment` has bound it to the tip by id, order, amount, currency and intent. */
export const TIP_APPLY: Readonly<Record<ProviderStatus, Apply>> = {
  requires_payment: applyDeclined,
  requires_action: applyRequiresAction,
  // A tip is never held: whoever made this intent was not us. Its time limit frees it.
  authorized: (_tx, _payment, record) => Promise.resolve(quarantine('status', record)),
  captured: applyPaid,
  voided: applyVoided,
};

/** It counts; or, where it had been given up before, it is booked and given back: nothing is kept silently. */
async function applyPaid(tx: Tx, tip: PaymentRecord, record: ProviderRecord): Promise<FinalizeResult> {
  const { amountCapturedMinor, intentId } = record;
  const set = { intentId, amountCapturedMinor, captureMinor: amountCapturedMinor, failureCode: null };
  if (!(await movePayment(tip, { to: 'captured', set }, tx))) return 'unchanged';
  await auditMoney(tx, tip, { event: 'money.payment_captured', status: 'captured', amountCapturedMinor });
  await cancelTimers(tx, tip._id, [TIP_TIMER]);
  await postCapture(tx, tip, amountCapturedMinor);
  const order = await getOrderIn(tx, tip.orderId);
  await (tip.status === 'expired' ? giveBack(tx, order, tip) : credit(tx, order, tip));
  return 'applied';
}

/** All of it is the courier's: no commission, no tax. Payable by T11's rule, counted from when it was given. */
async function credit(tx: Tx, order: OrderRecord, tip: PaymentRecord): Promise<void> {
  const { _id: sourceId, orderId, customerId, currency, amountMinor } = tip;
  await postToLedger(tx, {
    ...{ kind: 'tip', sourceId, orderId, currency, endedAt: now() },
    lines: [
      { account: 'customer', ownerId: customerId, amountMinor },
      { account: 'courier', ownerId: order.courierId, amountMinor: -amountMinor },
    ],
  });
  await tellTip(tx, tip, { type: 'order.tipped', amountMinor });
}

async function giveBack(tx: Tx, order: OrderRecord, { _id: paymentId, amountMinor }: PaymentRecord): Promise<void> {
  await requestRefund(tx, {
    ...{ order, paymentId, amountMinor, cause: 'settlement', reason: 'tip_expired', liableParty: 'platform' },
    sourceId: `settlement-${amountMinor}`,
  });
}

async function applyVoided(tx: Tx, tip: PaymentRecord): Promise<FinalizeResult> {
  if (!(await movePayment(tip, { to: 'voided' }, tx))) return 'unchanged';
  await auditMoney(tx, tip, { event: 'money.payment_voided', status: 'voided' });
  await cancelTimers(tx, tip._id, [TIP_TIMER]);
  return 'applied';
}

async function applyRequiresAction(tx: Tx, tip: PaymentRecord): Promise<FinalizeResult> {
  return (await movePayment(tip, { to: 'requires_action' }, tx)) ? 'applied' : 'unchanged';
}

/** The card was refused: another may be tried with the same intent, until the time is over. */
async function applyDeclined(tx: Tx, tip: PaymentRecord, { failureCode }: ProviderRecord): Promise<FinalizeResult> {
  if (failureCode === null || !isWaiting(tip)) return 'unchanged';
  const set = { status: 'requires_payment' as const, failureCode, updatedAt: now() };
  await PaymentModel.updateOne({ _id: tip._id, status: tip.status }, { $set: set }).session(tx);
  await auditMoney(tx, tip, { event: 'money.payment_failed', status: set.status, failureCode });
  return 'applied';
}
