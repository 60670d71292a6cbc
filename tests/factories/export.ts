import { gzipSync } from 'node:zlib';
import { mongo } from 'mongoose';
import { exportRows, type ExportRow } from '../../src/modules/privacy/export.model.ts';
import { dateFrom, now, secondsFromNow } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { createUser } from './user.ts';

/** Ready, with a document of its owner's id; of a new user unless it says of whom. */
export async function createExport(changes: Partial<ExportRow> = {}): Promise<ExportRow> {
  const userId = changes.userId ?? (await createUser())._id;
  const row: ExportRow = {
    _id: newId(),
    userId,
    sessionVersion: 0,
    status: 'ready',
    isOpen: false,
    reason: null,
    attempts: 1,
    claimedUntil: dateFrom(0),
    content: new mongo.Binary(gzipSync(JSON.stringify({ profile: { id: userId } }))),
    createdAt: now(),
    readyAt: now(),
    expiresAt: secondsFromNow(3_600),
    ...changes,
  };
  await exportRows().insertOne(row);
  return row;
}

/** Promised, and not begun. */
export function createPendingExport(userId: string): Promise<ExportRow> {
  return createExport({ userId, status: 'pending', isOpen: true, attempts: 0, content: null, readyAt: null });
}
