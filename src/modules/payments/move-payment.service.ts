import { trusted } from 'mongoose';
import { recordAudit } from '../../infra/audit/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { now } from '../../shared/clock.ts';
import type { SecurityEvent } from '../../shared/security-events.ts';
import { postToLedger } from '../ledger/index.ts';
import type { ProviderRecord } from './gateways/provider-record.ts';
import { paymentSourcesOf, type PaymentStatus } from './payment.machine.ts';
import { PaymentModel, type PaymentRecord } from './payment.model.ts';

export type FinalizeResult = 'applied' | 'unchanged' | 'quarantined';

/** What one status of the provider's does to a payment. */
export type Apply = (tx: Tx, payment: PaymentRecord, record: ProviderRecord) => Promise<FinalizeResult>;

const mismatches = counter('quickbite_reconciliation_mismatches_total', 'Provider records that do not fit ours', [
  'field',
]);

/** A record that fits nothing of ours changes nothing, and a human is told. */
export function quarantine(field: string, record: object): 'quarantined' {
  mismatches.inc({ field });
  const { clientSecret: _secret, ...shown } = record as Partial<ProviderRecord>;
  logger.error({ field, record: shown }, 'a record of the payment provider does not fit ours; nothing was changed');
  return 'quarantined';
}

/** The provider has our money, and the customer has paid. */
export async function postCapture(tx: Tx, payment: PaymentRecord, amountMinor: number): Promise<void> {
  const { _id: sourceId, orderId, customerId, currency } = payment;
  await postToLedger(tx, {
    ...{ kind: 'capture', sourceId, orderId, currency },
    lines: [
      { account: 'provider_clearing', amountMinor },
      { account: 'customer', ownerId: customerId, amountMinor: -amountMinor },
    ],
  });
}

interface MoneyChange extends Record<string, unknown> {
  event: Extract<SecurityEvent, `money.${string}`>;
  status: PaymentStatus;
}

/** What happened to money stands in the audit, too, in the transaction in which it became true. */
export async function auditMoney(tx: Tx, payment: PaymentRecord, { event, ...after }: MoneyChange): Promise<void> {
  const { _id: subjectId, orderId, amountMinor, currency, status } = payment;
  await recordAudit(tx, { event, subjectId, before: { status }, after: { orderId, amountMinor, currency, ...after } });
}

interface PaymentMove {
  to: PaymentStatus;
  set?: Partial<PaymentRecord>;
}

/** A conditional update on the machine's sources; false where the payment stands elsewhere, or has another hold by now. */
export async function movePayment(
  { _id, attempt }: Pick<PaymentRecord, '_id' | 'attempt'>,
  { to, set }: PaymentMove,
  tx: Tx | null = null,
): Promise<boolean> {
  const { modifiedCount } = await PaymentModel.updateOne(
    { _id, attempt, status: trusted({ $in: paymentSourcesOf(to) }) },
    { $set: { ...set, status: to, updatedAt: now() } },
  ).session(tx);
  return modifiedCount === 1;
}
