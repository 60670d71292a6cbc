import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { mongo } from 'mongoose';
import { config } from '../../config/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { addMs, now, secondsFromNow } from '../../shared/clock.ts';
import { collectPersonalData } from './export-document.ts';
import { exportRows, type ExportRow } from './export.model.ts';
import { EXPORT_READY } from './privacy.events.ts';

/** A document of MongoDB ends at 16 MB; the rest of the row needs little. */
const MAX_BYTES = 15 * 1024 * 1024;

const compress = promisify(gzip);

/**
 * Makes a promised export once, whatever runs twice: each attempt claims the row for as long as a worker may hold its job, and only
 * the holder of the claim may finish it.
 * @throws what went wrong, so that the job tries again; after the last attempt the row says `failed`
 */
export async function makeExport(exportId: string, { isLastAttempt }: { isLastAttempt: boolean }): Promise<void> {
  const claimed = await claimExport(exportId);
  if (claimed === null) return;
  try {
    const content = await compress(JSON.stringify(await collectPersonalData(claimed.userId)));
    if (content.byteLength > MAX_BYTES) await failExport(claimed, 'too_large');
    else await storeExport(claimed, content);
  } catch (error) {
    if (isLastAttempt) await failExport(claimed, 'internal_error');
    else await exportRows().updateOne(heldBy(claimed), { $set: { claimedUntil: now() } });
    throw error;
  }
}

/**
 * null: it is made, has failed for good, or is gone with its account.
 * @throws Error while another attempt is under way; the job tries again
 */
async function claimExport(exportId: string): Promise<ExportRow | null> {
  const at = now();
  const claimed = await exportRows().findOneAndUpdate(
    { _id: exportId, isOpen: true, claimedUntil: { $lte: at } },
    { $set: { claimedUntil: addMs(at, config.worker.jobLockMs) }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
  if (claimed !== null) return claimed;
  const held = await exportRows().findOne({ _id: exportId, isOpen: true }, { projection: { _id: 1 } });
  if (held !== null) throw new Error(`another attempt to make ${exportId} is under way`);
  return null;
}

function heldBy({ _id, attempts }: ExportRow) {
  return { _id, attempts, isOpen: true };
}

async function storeExport(claimed: ExportRow, content: Uint8Array): Promise<void> {
  const { _id: exportId, userId } = claimed;
  await withTransaction(async (tx) => {
    const { matchedCount } = await exportRows().updateOne(
      heldBy(claimed),
      {
        $set: {
          status: 'ready',
          isOpen: false,
          content: new mongo.Binary(content),
          readyAt: now(),
          expiresAt: secondsFromNow(config.auth.exportTtlSeconds),
        },
      },
      { session: tx },
    );
    // Another attempt has taken over, or the account is gone.
    if (matchedCount === 0) return;
    await appendOutbox(tx, [{ event: EXPORT_READY, payload: { exportId, userId } }]);
  });
}

async function failExport(claimed: ExportRow, reason: NonNullable<ExportRow['reason']>): Promise<void> {
  await exportRows().updateOne(heldBy(claimed), { $set: { status: 'failed', isOpen: false, reason } });
}
