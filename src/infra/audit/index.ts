export type { AuditRow } from './audit.model.ts';
export { findAuditRows } from './find-audit-rows.ts';
export { noteSecurityEvent, recordAudit, type AuditEntry } from './record.ts';
export { startAudit } from './refusal-buffer.ts';
