import { AsyncLocalStorage } from 'node:async_hooks';
import { addMs } from '../../shared/clock.ts';
import { isShuttingDown, onShutdown, runDetached } from '../lifecycle/index.ts';
import { counter } from '../observability/index.ts';
import { AuditModel, type AuditRow } from './audit.model.ts';

const FLUSH_MS = 1000;
/** Different ones within a flush; what comes beyond is counted and dropped. */
const MAX_ROWS = 500;
const KEPT_MS = 180 * 24 * 3600 * 1000;

const dropped = counter('quickbite_audit_dropped_total', 'Refusals that found no room in the buffer of the audit', [
  'event',
]);

/** What is kept of many requests is written in the name of none. */
const inNobodysName = AsyncLocalStorage.snapshot();

let rows = new Map<string, AuditRow>();
let timer: NodeJS.Timeout | null = null;

/** At most `MAX_ROWS` rows and one write in a second, whatever is thrown at us; the same refusal again only counts. */
export function bufferRow(row: AuditRow): void {
  const key = JSON.stringify([row.event, row.actorId, row.address, row.subjectId, row.reason]);
  const same = rows.get(key);
  if (same !== undefined) {
    same.count += row.count;
    return;
  }
  if (rows.size >= MAX_ROWS) {
    dropped.inc({ event: row.event });
    return;
  }
  rows.set(key, { ...row, expiresAt: addMs(row.at, KEPT_MS) });
  // The drainer has run already.
  if (isShuttingDown()) flushRefusals();
  else timer ??= setTimeout(flushRefusals, FLUSH_MS).unref();
}

/** Bootstrap: what is still held is written at a shutdown. */
export function startAudit(): void {
  onShutdown('work', 'audit', flushRefusals);
}

/** Detached, so that a fault is reported and a shutdown waits for it. A row that could not be written is lost with that report. */
export function flushRefusals(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const batch = [...rows.values()];
  rows = new Map();
  if (batch.length === 0) return;
  inNobodysName(() => {
    runDetached('audit', async () => {
      await AuditModel.collection.insertMany(batch as never[], { ordered: false });
    });
  });
}
