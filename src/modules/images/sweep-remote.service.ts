import { isDuplicateKey } from '../../errors/index.ts';
import { logger } from '../../infra/observability/index.ts';
import { dropAsset, isStorageOn, listAssets, type RemoteAsset } from '../../infra/storage/index.ts';
import { addMs, now, nowMs } from '../../shared/clock.ts';
import { assetsOf } from './asset-names.ts';
import { images } from './image.model.ts';
import { HOUR_MS, MINUTE_MS } from './image-limits.ts';
import { remoteSweeps } from './remote-sweep.model.ts';

const LISTS = [
  { access: 'upload', kind: 'image' },
  { access: 'private', kind: 'image' },
  { access: 'upload', kind: 'video' },
  { access: 'private', kind: 'video' },
] as const;
/** A page; the vendor counts calls of its admin API, 500 an hour in the smallest plan. */
const BATCH = 100;
const BETWEEN_PAGES_MS = 5 * MINUTE_MS;
/** Younger ones may belong to a row whose worker is under way. */
const SPARED_MS = 2 * HOUR_MS;

/**
 * One page of the walk through our folder: what belongs to no row goes. At most once in five minutes, over all workers.
 * @returns how many assets were dropped
 */
export async function sweepRemoteAssets(): Promise<number> {
  if (!isStorageOn()) return 0;
  const place = await takeTurn();
  if (place === null) return 0;
  const list = LISTS[place.list % LISTS.length] ?? LISTS[0];
  const { assets, nextCursor } = await listAssets(list, { cursor: place.cursor, limit: BATCH });
  const orphans = await findOrphans(assets);
  for (const orphan of orphans) await dropAsset(orphan);
  if (orphans.length > 0) logger.warn({ count: orphans.length }, 'assets without a row were removed from the cloud');
  const next = nextCursor === null ? (place.list + 1) % LISTS.length : place.list;
  await remoteSweeps().updateOne({ _id: 'remote' }, { $set: { list: next, cursor: nextCursor } });
  return orphans.length;
}

async function takeTurn() {
  const at = now();
  try {
    return await remoteSweeps().findOneAndUpdate(
      { _id: 'remote', nextAt: { $lte: at } },
      { $set: { nextAt: addMs(at, BETWEEN_PAGES_MS) }, $setOnInsert: { list: 0, cursor: null } },
      { upsert: true, returnDocument: 'after' },
    );
  } catch (error) {
    // The row is there, and it is not time.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

async function findOrphans(assets: readonly RemoteAsset[]): Promise<RemoteAsset[]> {
  const old = assets.filter(({ createdAt }) => nowMs() - createdAt.getTime() > SPARED_MS);
  const ids = [...new Set(old.map(imageIdOf))];
  const rows = await images()
    .find({ _id: { $in: ids } }, { projection: { purpose: 1 } })
    .toArray();
  const known = new Set(rows.flatMap(assetsOf).map(keyOf));
  return old.filter((asset) => !known.has(keyOf(asset)));
}

function imageIdOf({ path }: RemoteAsset): string {
  return path.split('/')[0] ?? '';
}

function keyOf({ access, kind, path }: Pick<RemoteAsset, 'access' | 'kind' | 'path'>): string {
  return `${kind}/${access}/${path}`;
}
