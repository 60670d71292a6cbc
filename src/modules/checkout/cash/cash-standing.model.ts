import { Schema, model, type mongo } from 'mongoose';

/** Of a customer who has paid, or wanted to pay, in cash. Its orders say the rest. */
export interface CashStanding {
  /** The user's id. */
  _id: string;
  /** Counts the claims, so that two orders at once meet in this row. */
  claims: number;
  /** Support has forgiven what failed before this. */
  liftedAt: Date | null;
  liftedBy: string | null;
}

const standingSchema = new Schema<CashStanding>(
  {
    _id: { type: String, required: true },
    claims: { type: Number, required: true, default: 0 },
    liftedAt: { type: Date, default: null },
    liftedBy: { type: String, default: null },
  },
  { collection: 'cash_standings', versionKey: false },
);

export const CashStandingModel = model('CashStanding', standingSchema);

export function cashStandings(): mongo.Collection<CashStanding> {
  return CashStandingModel.collection as unknown as mongo.Collection<CashStanding>;
}
