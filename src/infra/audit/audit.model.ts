import { Schema, model } from 'mongoose';
import { SECURITY_EVENTS, type SecurityEvent } from '../../shared/security-events.ts';
import { newId } from '../../shared/ids.ts';

/** One thing that happened. Append-only: nothing in the house changes or removes a row. */
export interface AuditRow {
  _id: string;
  event: SecurityEvent;
  at: Date;
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
}

const auditSchema = new Schema<AuditRow>(
  {
    _id: { type: String, default: newId },
    event: { type: String, enum: SECURITY_EVENTS, required: true },
    at: { type: Date, required: true },
    actorId: { type: String, default: null },
    actorRole: { type: String, default: null },
    subjectId: { type: String, default: null },
    address: { type: String, default: null },
    requestId: { type: String, default: null },
    reason: { type: String, default: null },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
  },
  { collection: 'audit_log', versionKey: false },
);

export const AuditModel = model('Audit', auditSchema);
