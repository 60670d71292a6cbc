import { Schema, model, type mongo } from 'mongoose';

export const EXPORT_STATUSES = ['pending', 'ready', 'failed'] as const;
export const EXPORT_FAILURES = ['too_large', 'internal_error'] as const;

/** One copy of everything about a person, as long as its link lives. */
export interface ExportRow {
  _id: string;
  userId: string;
  /** The account's at the request: what ends the sessions ends the link, whoever holds it. */
  sessionVersion: number;
  status: (typeof EXPORT_STATUSES)[number];
  /** Being made, or waiting for it: one per person. */
  isOpen: boolean;
  /** Why there is none. */
  reason: (typeof EXPORT_FAILURES)[number] | null;
  attempts: number;
  /** An attempt is under way until then; a crash gives it back. */
  claimedUntil: Date;
  /** The JSON document, gzipped. */
  content: mongo.Binary | null;
  createdAt: Date;
  readyAt: Date | null;
  expiresAt: Date;
}

const exportSchema = new Schema<ExportRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    sessionVersion: { type: Number, required: true },
    status: { type: String, enum: EXPORT_STATUSES, required: true },
    isOpen: { type: Boolean, required: true },
    reason: { type: String, enum: [...EXPORT_FAILURES, null], default: null },
    attempts: { type: Number, required: true },
    claimedUntil: { type: Date, required: true },
    content: { type: Buffer, default: null },
    createdAt: { type: Date, required: true },
    readyAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'exports', versionKey: false },
);
// Serves requestExport: of many requests at once one makes an export.
exportSchema.index({ userId: 1 }, { name: 'open_of_user', unique: true, partialFilterExpression: { isOpen: true } });
// Serves forgetExports.
exportSchema.index({ userId: 1, _id: 1 });
// Serves the clean-up; every other query goes by _id.
exportSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const ExportModel = model('Export', exportSchema);

export function exportRows(): mongo.Collection<ExportRow> {
  return ExportModel.collection as unknown as mongo.Collection<ExportRow>;
}
