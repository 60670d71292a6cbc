import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { config } from '../../config/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { dateFrom, now, nowMs, secondsFromNow } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { assertIsPresent, holdSession } from '../auth/index.ts';
import { findUser } from '../users/index.ts';
import { exportLink, isExportSignature } from './export-link.ts';
import { exportRows, type ExportRow } from './export.model.ts';
import { EXPORT_REQUESTED } from './privacy.events.ts';

/** An export as its owner sees it. */
export interface PersonalExport extends Pick<ExportRow, 'status' | 'reason' | 'createdAt' | 'expiresAt'> {
  id: string;
  /** null until it is ready. */
  downloadUrl: string | null;
}

/**
 * Promises an export; the worker makes it. A session alone is not enough: the copy outlives it. The index lets one of many requests
 * through.
 * @throws AppError `export_running`; `password_wrong`, `log_in_again`, `overloaded`; `unauthenticated` once the session has ended
 */
export async function requestExport(input: { password?: string | undefined }, actor: Actor): Promise<PersonalExport> {
  const { userId } = actor;
  await assertIsPresent(input, actor);
  const row: Omit<ExportRow, 'sessionVersion'> = {
    _id: newId(),
    userId,
    status: 'pending',
    isOpen: true,
    reason: null,
    attempts: 0,
    claimedUntil: dateFrom(0),
    content: null,
    createdAt: now(),
    readyAt: null,
    expiresAt: secondsFromNow(config.auth.exportTtlSeconds),
  };
  try {
    await withTransaction(async (tx) => {
      const { sessionVersion } = await holdSession(tx, actor);
      await insertExport(tx, { ...row, sessionVersion });
    });
  } catch (error) {
    throw isDuplicateKey(error) ? new AppError('export_running', { cause: error }) : error;
  }
  return toExport(row);
}

async function insertExport(tx: Tx, row: ExportRow): Promise<void> {
  await exportRows().insertOne(row, { session: tx });
  await recordAudit(tx, { event: 'account.exported', subjectId: row.userId });
  await appendOutbox(tx, [{ event: EXPORT_REQUESTED, payload: { exportId: row._id } }]);
}

/** @throws AppError `not_found`, also for somebody else's, for one whose time is up, and for one from before the sessions ended */
export async function getExport(exportId: string, actor: Actor): Promise<PersonalExport> {
  const filter = { _id: exportId, userId: actor.userId, expiresAt: { $gt: now() } };
  const row = await exportRows().findOne(filter, { projection: { content: 0 } });
  if (row === null || !(await isStillTheirs(row))) throw new AppError('not_found');
  return toExport(row);
}

export interface ExportLinkInput {
  exportId: string;
  expires: number;
  signature: string;
}

/**
 * What a link leads to, gzipped. Nothing is looked up for a link that we did not make. A reset, a log-out everywhere, a suspension
 * end the link as they end the sessions.
 * @throws AppError `not_found` (not our link, or nothing behind it), `link_invalid` (its time is up, or the account's sessions have ended)
 */
export async function openExport({ signature, ...parts }: ExportLinkInput): Promise<Uint8Array> {
  if (!isExportSignature(parts, signature)) throw new AppError('not_found');
  if (parts.expires * 1000 <= nowMs()) throw new AppError('link_invalid');
  const row = await exportRows().findOne({ _id: parts.exportId, status: 'ready' });
  if (!row?.content) throw new AppError('not_found');
  if (!(await isStillTheirs(row))) throw new AppError('link_invalid');
  return row.content.value();
}

/** The account is active, and its sessions are those of the request. */
async function isStillTheirs({ userId, sessionVersion }: ExportRow): Promise<boolean> {
  const user = await findUser(userId);
  return user?.status === 'active' && user.sessionVersion === sessionVersion;
}

/** With the account. A job that is about to store one finds nothing to store it in. */
export async function forgetExports(tx: Tx, userId: string): Promise<void> {
  await exportRows().deleteMany({ userId }, { session: tx });
}

function toExport({
  _id: id,
  status,
  reason,
  createdAt,
  expiresAt,
}: Omit<ExportRow, 'sessionVersion'>): PersonalExport {
  const downloadUrl = status === 'ready' ? exportLink(id, expiresAt) : null;
  return { id, status, reason, createdAt, expiresAt, downloadUrl };
}
