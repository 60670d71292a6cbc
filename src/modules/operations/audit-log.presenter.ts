import type { AuditRow } from '../../infra/audit/index.ts';

/** JSON-safe. */
export function toAuditRowView({ _id, at, event, count, before, after, ...row }: AuditRow) {
  const { actorId, actorRole, subjectId, address, requestId, reason } = row;
  const who = { actorId, actorRole, subjectId, address, requestId, reason };
  return { id: _id, event, at: at.toISOString(), count, ...who, before, after };
}
