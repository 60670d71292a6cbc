import { Schema, model, type mongo } from 'mongoose';

export const REPORT_KINDS = ['sales', 'taxes', 'refunds'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What an admin asked for. It is ready once there is its document. */
export interface ReportRow {
  _id: string;
  kind: ReportKind;
  /** Days, both of them included. */
  from: string;
  to: string;
  requestedBy: string;
  createdAt: Date;
}

const reportSchema = new Schema<ReportRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: REPORT_KINDS, required: true },
    from: { type: String, required: true },
    to: { type: String, required: true },
    requestedBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'reports', versionKey: false },
);

const ReportModel = model('Report', reportSchema);

export function reportRows(): mongo.Collection<ReportRow> {
  return ReportModel.collection as unknown as mongo.Collection<ReportRow>;
}
