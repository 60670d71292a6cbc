import { withTransaction } from '../../infra/mongo/index.ts';
import { addMs, now, nowMs } from '../../shared/clock.ts';
import { releaseImage } from './attach-image.service.ts';
import { images, type ImageRow } from './image.model.ts';
import { imageQueue } from './images.jobs.ts';
import { KEPT_UNUSED_MS, MINUTE_MS } from './image-limits.ts';
import { failImage } from './make-variants.service.ts';

const BATCH = 50;
const NEXT_LOOK_MS = 15 * MINUTE_MS;

/**
 * What no job has brought to its end: pending rows are taken up again and fail after a day, what is shown nowhere after a day goes, and
 * so does what was removed and is still there.
 * @returns how many rows were looked at
 */
export async function sweepImages(): Promise<number> {
  for (let looked = 0; ; looked += 1) {
    const row = looked < BATCH ? await claimDue() : null;
    if (row === null) return looked;
    await lookAt(row);
  }
}

/** One row, and nobody else looks at it for a while. */
function claimDue(): Promise<ImageRow | null> {
  const at = now();
  return images().findOneAndUpdate(
    { sweepAt: { $lte: at } },
    { $set: { sweepAt: addMs(at, NEXT_LOOK_MS) } },
    { sort: { sweepAt: 1 }, returnDocument: 'after' },
  );
}

async function lookAt(row: ImageRow): Promise<void> {
  const { _id: imageId, status } = row;
  const isOld = nowMs() - row.createdAt.getTime() >= KEPT_UNUSED_MS;
  // A job that lies in the failed set keeps its id: this one has an id of its own.
  const jobId = `sweep-${imageId}-${row.sweepAt?.getTime() ?? 0}`;
  if (status === 'removed') await imageQueue.enqueue('destroy-assets', { imageId }, { jobId });
  else if (status === 'pending' && isOld) await failImage(row, 'timed_out');
  else if (status === 'pending') await imageQueue.enqueue('make-variants', { imageId }, { jobId });
  else if (isOld) await removeUnused(row);
}

async function removeUnused({ _id }: ImageRow): Promise<void> {
  await withTransaction(async (tx) => {
    const row = await images().findOne({ _id }, { session: tx });
    if (row === null) return;
    // What has failed was let go of by the row that showed it.
    if (row.attachedTo === null || row.status === 'failed') await releaseImage(tx, _id);
    else await images().updateOne({ _id }, { $set: { sweepAt: null } }, { session: tx });
  });
}
