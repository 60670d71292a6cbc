import { Schema, model, type mongo } from 'mongoose';
import { newId } from '../../../shared/ids.ts';
import type { LedgerAccount, LedgerKind } from '../ledger-entry.model.ts';
import { PARTIES, type Party } from '../payable.model.ts';

export const PAYOUT_STATUSES = ['created', 'paid', 'failed'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/** Of one account and kind of posting, what it comes to in the payout. */
export interface PayoutTotal {
  account: LedgerAccount;
  kind: LedgerKind;
  count: number;
  /** Positive: to them. */
  amountMinor: number;
}

/** What was payable to one party in one currency, collected at once. Its rows are the payables that carry its id. */
export interface PayoutRecord {
  _id: string;
  party: Party;
  ownerId: string;
  currency: string;
  /** The sum of its totals, above zero. */
  amountMinor: number;
  status: PayoutStatus;
  totals: PayoutTotal[];
  /** Of its first and last row. */
  periodFrom: Date;
  periodTo: Date;
  createdAt: Date;
  /** Paid or failed. */
  settledAt: Date | null;
  /** Of the bank. */
  reference: string | null;
  failureReason: string | null;
  /** The CSV of its rows is stored. */
  hasStatement: boolean;
}

const payoutSchema = new Schema<PayoutRecord>(
  {
    _id: { type: String, default: newId },
    party: { type: String, required: true, enum: PARTIES },
    ownerId: { type: String, required: true },
    currency: { type: String, required: true },
    amountMinor: { type: Number, required: true },
    status: { type: String, required: true, enum: PAYOUT_STATUSES },
    totals: { type: Schema.Types.Mixed, required: true },
    periodFrom: { type: Date, required: true },
    periodTo: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    settledAt: { type: Date, default: null },
    reference: { type: String, default: null },
    failureReason: { type: String, default: null },
    hasStatement: { type: Boolean, required: true },
  },
  { collection: 'payouts', versionKey: false },
);
// Serves listPayouts and listPayoutIds: one's own, and an admin's by status. All of them go by _id.
payoutSchema.index({ ownerId: 1, _id: -1 });
payoutSchema.index({ status: 1, _id: -1 });

export const PayoutModel = model('Payout', payoutSchema);

export function payouts(): mongo.Collection<PayoutRecord> {
  return PayoutModel.collection as unknown as mongo.Collection<PayoutRecord>;
}
