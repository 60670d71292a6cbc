import { Schema, model, type mongo } from 'mongoose';

/** One collecting of what is payable. Its payouts count in the transaction that makes them. Read by `_id` alone. */
export interface PayoutRunRecord {
  _id: string;
  requestedAt: Date;
  /** Begun how often: what fails is tried again. */
  attempts: number;
  /** Payees that the last attempt found. */
  due: number;
  /** Payouts that all attempts made. */
  made: number;
  /** Payees whose payout the last attempt could not make. */
  failed: number;
  /** The end of the last attempt; null while one is under way, or none has begun. */
  finishedAt: Date | null;
}

const runSchema = new Schema<PayoutRunRecord>(
  {
    _id: { type: String, required: true },
    requestedAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    due: { type: Number, required: true },
    made: { type: Number, required: true },
    failed: { type: Number, required: true },
    finishedAt: { type: Date, default: null },
  },
  { collection: 'payout_runs', versionKey: false },
);

const PayoutRunModel = model('PayoutRun', runSchema);

export function payoutRuns(): mongo.Collection<PayoutRunRecord> {
  return PayoutRunModel.collection as unknown as mongo.Collection<PayoutRunRecord>;
}
