import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { SecurityEvent } from '../../shared/security-events.ts';
import type { Tx } from '../mongo/index.ts';
import { currentStore } from '../observability/index.ts';
import { AuditModel, type AuditRow } from './audit.model.ts';
import { bufferRow } from './refusal-buffer.ts';

export interface AuditEntry {
  event: SecurityEvent;
  /** Absent: the actor of the request. */
  actorId?: string | null;
  subjectId?: string | null;
  reason?: string;
  /** Plain values that may be shown to an admin: never a secret, a hash or a token. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Writes the row in the transaction of the change it tells of. Who and from where come from the request's store. */
export async function recordAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await AuditModel.collection.insertOne(toRow(entry) as never, { session: tx });
}

/**
 * For what changed nothing, such as a refusal: written soon and in bulk. The request neither waits nor fails for it, and whoever is
 * refused a thousand times makes no thousand rows.
 */
export function noteSecurityEvent(entry: AuditEntry): void {
  bufferRow(toRow(entry));
}

/** Who and from where, where the entry does not say otherwise. */
function circumstances(): Pick<AuditRow, 'actorId' | 'actorRole' | 'address' | 'requestId'> {
  const { userId = null, role = null, address = null, requestId = null } = currentStore() ?? {};
  return { actorId: userId, actorRole: role, address, requestId };
}

function toRow({ event, ...entry }: AuditEntry): AuditRow {
  const nothing = { count: 1, subjectId: null, reason: null, before: null, after: null };
  return { _id: newId(), event, at: now(), ...circumstances(), ...nothing, ...entry };
}
