import { Schema, model, type mongo } from 'mongoose';
import type { Difference, DifferenceType } from './compare.ts';

/** Of one currency and day, at the provider. */
export interface DaySum {
  currency: string;
  movements: number;
  amountMinor: number;
  feeMinor: number;
}

/** What the comparison of one day (UTC) found when it was last made. */
export interface ReconciliationDay {
  /** `2026-11-20` */
  _id: string;
  ranAt: Date;
  movements: number;
  matched: number;
  sums: DaySum[];
  counts: Partial<Record<DifferenceType, number>>;
  differenceCount: number;
  /** At most a thousand of them. */
  differences: Difference[];
}

const daySchema = new Schema<ReconciliationDay>(
  {
    _id: { type: String, required: true },
    ranAt: { type: Date, required: true },
    movements: { type: Number, required: true },
    matched: { type: Number, required: true },
    sums: { type: Schema.Types.Mixed, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    differenceCount: { type: Number, required: true },
    differences: { type: Schema.Types.Mixed, required: true },
  },
  // All questions go by its day, which is its id.
  { collection: 'reconciliation_days', versionKey: false, minimize: false },
);

export const ReconciliationDayModel = model('ReconciliationDay', daySchema);

export function reconciliationDays(): mongo.Collection<ReconciliationDay> {
  return ReconciliationDayModel.collection as unknown as mongo.Collection<ReconciliationDay>;
}
