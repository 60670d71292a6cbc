import { Schema, model } from 'mongoose';
import { SECURITY_EVENTS, type SecurityEvent } from '../../shared/security-events.ts';
import { newId } from '../../shared/ids.ts';

/** One thing that happened. Append-only: nothing in the house changes or removes a row. */
export interface AuditRow {
  _id: string;
  event: SecurityEvent;
  at: Date;
  /** How often, where the same refusal came again and again within a moment. */
  count: number;
  /** Who did it; null where nobody is known, such as a failed log-in. */
  actorId: string | null;
  actorRole: string | null;
  /** What it was done to: a user, a session, a restaurant. */
  subjectId: string | null;
  /** From where: the client's address, after the trusted proxies. */
  address: string | null;
  requestId: string | null;
  reason: string | null;
  /** What changed, without secrets; null where nothing did. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Refusals leave after a while, by MongoDB's own clock; what changed something stays. */
  expiresAt?: Date;
}

const auditSchema = new Schema<AuditRow>(
  {
    _id: { type: String, default: newId },
    event: { type: String, enum: SECURITY_EVENTS, required: true },
    at: { type: Date, required: true },
    count: { type: Number, required: true },
    actorId: { type: String, default: null },
    actorRole: { type: String, default: null },
    subjectId: { type: String, default: null },
    address: { type: String, default: null },
    requestId: { type: String, default: null },
    reason: { type: String, default: null },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    expiresAt: { type: Date },
  },
  { collection: 'audit_log', versionKey: false },
);
// All four serve findAuditRows: without a filter, by event, by who did it, by what it was done to.
auditSchema.index({ at: -1, _id: -1 });
auditSchema.index({ event: 1, at: -1, _id: -1 });
auditSchema.index({ actorId: 1, at: -1, _id: -1 });
auditSchema.index({ subjectId: 1, at: -1, _id: -1 });
// Serves the clean-up of refusals.
auditSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, sparse: true });

export const AuditModel = model('Audit', auditSchema);
