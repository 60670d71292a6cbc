export { noteSecurityEvent, recordAudit, type AuditEntry } from './record.ts';
