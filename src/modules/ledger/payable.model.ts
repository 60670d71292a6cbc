import { Schema, model, type mongo } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import type { LedgerAccount, LedgerKind } from './ledger-entry.model.ts';

export const PARTIES = ['restaurant', 'courier'] as const;
/** Whom a payout goes to: the owner of restaurants, a courier. One person can be both, and is paid as both. */
export type Party = (typeof PARTIES)[number];

export const PAYABLE_STATUSES = ['held', 'payable', 'settled'] as const;

/**
 * What one line of the books means for the payouts of its owner. The books never change; these rows remember what of them is paid
 * out: held until T11, then payable, then settled by one payout.
 */
export interface PayableRow {
  _id: string;
  entryId: string;
  party: Party;
  ownerId: string;
  account: LedgerAccount;
  kind: LedgerKind;
  sourceId: string;
  orderId: string | null;
  currency: string;
  /** Positive: we owe it to them. */
  amountMinor: number;
  status: (typeof PAYABLE_STATUSES)[number];
  payoutId: string | null;
  /** Of cash: the last deposit that counted it. */
  claimedBy?: string;
  createdAt: Date;
}

const payableSchema = new Schema<PayableRow>(
  {
    _id: { type: String, default: newId },
    entryId: { type: String, required: true },
    party: { type: String, required: true, enum: PARTIES },
    ownerId: { type: String, required: true },
    account: { type: String, required: true },
    kind: { type: String, required: true },
    sourceId: { type: String, required: true },
    orderId: { type: String, default: null },
    currency: { type: String, required: true },
    amountMinor: { type: Number, required: true },
    status: { type: String, required: true, enum: PAYABLE_STATUSES },
    payoutId: { type: String, default: null },
    claimedBy: { type: String },
    createdAt: { type: Date, required: true },
  },
  { collection: 'ledger_payables', versionKey: false },
);
// Serves releaseEarnings.
payableSchema.index({ entryId: 1 });
const OPEN = { status: { $in: ['held', 'payable'] } } as const;
// Serves listBalances and courierCashBalance; covers their sums. Only what no payout has settled.
payableSchema.index(
  { ownerId: 1, party: 1, currency: 1, status: 1, account: 1, amountMinor: 1 },
  { name: 'open_of_owner', partialFilterExpression: OPEN },
);
// Serves findDue, which it covers, and collectPayout.
payableSchema.index(
  { status: 1, party: 1, ownerId: 1, currency: 1, amountMinor: 1 },
  { name: 'payable', partialFilterExpression: { status: 'payable' } },
);
// Serves the lines of a payout's statement.
payableSchema.index({ payoutId: 1, _id: 1 }, { partialFilterExpression: { payoutId: { $gt: '' } } });

export const PayableModel = model('Payable', payableSchema);

export function payables(): mongo.Collection<PayableRow> {
  return PayableModel.collection as unknown as mongo.Collection<PayableRow>;
}
