import { Schema, model, type mongo } from 'mongoose';
import { newId } from '../../shared/ids.ts';

export const LEDGER_ACCOUNTS = [
  'customer',
  'restaurant',
  'courier',
  'courier_cash',
  'platform_revenue',
  'platform_costs',
  'tax',
  'provider_clearing',
  'provider_balance',
  'payout_clearing',
  'bank',
] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/** What happened; with the id of the thing that it happened to (`sourceId`) it is posted once. */
export const LEDGER_KINDS = [
  // Learnt from the provider or at the door: of a payment, of a refund.
  'capture',
  'refund',
  'cash_collected',
  'dispute',
  // What an order came to when it was over, and who bears what support gave back.
  'sale',
  'refund_charge',
  // What a customer had to get back, and got of the bank.
  'dispute_credit',
  // What a customer gave the courier after the delivery, all of it.
  'tip',
  'cash_deposit',
  'payout',
  'payout_paid',
  'payout_failed',
  // Reconciliation: a movement that the provider lists, too.
  'provider_settled',
  // Our balance at the provider goes to our bank, or comes back.
  'provider_payout',
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

export interface LedgerLine {
  account: LedgerAccount;
  /** Whose: the customer, the owner of the restaurant, the courier; null for our own accounts. */
  ownerId: string | null;
  /** Debit positive: what a customer owes us and what we own; credit negative: what we owe and what we earned. */
  amountMinor: number;
}

/** One posting with its lines, which sum to zero. Never changed, never deleted: a mistake is posted back. */
export interface LedgerEntry {
  _id: string;
  kind: LedgerKind;
  sourceId: string;
  orderId: string | null;
  currency: string;
  lines: LedgerLine[];
  createdAt: Date;
}

const lineSchema = new Schema<LedgerLine>(
  {
    account: { type: String, required: true, enum: LEDGER_ACCOUNTS },
    ownerId: { type: String, default: null },
    amountMinor: { type: Number, required: true },
  },
  { _id: false },
);

const ledgerEntrySchema = new Schema<LedgerEntry>(
  {
    _id: { type: String, default: newId },
    kind: { type: String, required: true, enum: LEDGER_KINDS },
    sourceId: { type: String, required: true },
    orderId: { type: String, default: null },
    currency: { type: String, required: true },
    lines: { type: [lineSchema], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'ledger_entries', versionKey: false },
);
// One posting per source; serves postToLedger.
ledgerEntrySchema.index({ kind: 1, sourceId: 1 }, { unique: true });
// Serves listLedgerEntries: of an owner, of an account, of an order, of all.
ledgerEntrySchema.index({ 'lines.ownerId': 1, 'lines.account': 1, createdAt: -1, _id: -1 });
ledgerEntrySchema.index({ 'lines.account': 1, createdAt: -1, _id: -1 });
ledgerEntrySchema.index({ createdAt: -1, _id: -1 });
// And postSale.
ledgerEntrySchema.index({ orderId: 1, createdAt: -1, _id: -1 }, { partialFilterExpression: { orderId: { $gt: '' } } });

const CHANGES = [
  'updateOne',
  'updateMany',
  'replaceOne',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'deleteOne',
  'deleteMany',
] as const;
// A guard, not logic: what is posted stands.
function refuse(): never {
  throw new Error('the ledger is append-only: post the difference');
}
ledgerEntrySchema.pre([...CHANGES], refuse);
ledgerEntrySchema.pre('save', refuse);

const LedgerEntryModel = model('LedgerEntry', ledgerEntrySchema);

/** Raw, for reading, and for the one upsert of postToLedger. */
export function ledgerEntries(): mongo.Collection<LedgerEntry> {
  return LedgerEntryModel.collection as unknown as mongo.Collection<LedgerEntry>;
}
