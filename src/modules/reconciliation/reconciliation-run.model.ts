import { Schema, model, type mongo } from 'mongoose';

/** A day that somebody has asked for and no job has compared yet. Its id is the day: one run at a time. */
export interface ReconciliationRun {
  _id: string;
  claimedAt: Date;
}

const runSchema = new Schema<ReconciliationRun>(
  { _id: { type: String, required: true }, claimedAt: { type: Date, required: true } },
  { collection: 'reconciliation_runs', versionKey: false },
);

export const ReconciliationRunModel = model('ReconciliationRun', runSchema);

export function reconciliationRuns(): mongo.Collection<ReconciliationRun> {
  return ReconciliationRunModel.collection as unknown as mongo.Collection<ReconciliationRun>;
}
