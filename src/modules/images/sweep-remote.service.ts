import { isDuplicateKey } from '../../errors/index.ts';
import { logger } from '../../infra/observability/index.ts';
import { dropAsset, isStorageOn, listAssets, type RemoteAsset } from '../../infra/storage/index.ts';
import { addMs, now, nowMs } from '../../shared/clock.ts';
import { assetsOf } from './asset-names.ts';
import { images } from './image.model.ts';
import { HOUR_MS, MINUTE_MS } from './image-limits.ts';
import { remoteSweeps, type RemoteSweepRow } from './remote-sweep.model.ts';

const LISTS = [
  { access: 'upload', kind: 'image' },
  { access: 'private', kind: 'image' },
  { access: 'upload', kind: 'video' },
  { access: 'private', kind: 'video' },
] as const;
/** The most that the vendor gives in one call. It counts calls of its admin API, 500 an hour in the smallest plan. */
const BATCH = 500;
const MAX_PAGES = 20;
/** So that a turn is over before the next one: each is a call. */
const MAX_DROPS = 300;
const BETWEEN_TURNS_MS = 5 * MINUTE_MS;
/** Younger ones may belong to a row whose worker is under way. */
const SPARED_MS = 2 * HOUR_MS;

type Place = Pick<RemoteSweepRow, 'list' | 'cursor'>;

/**
 * A stretch of the walk through our folder, 10,000 assets at most: what belongs to no row goes. At most once in five minutes, over all
 * workers; the next turn goes on where this one ends.
 * @returns how many assets were dropped
 */
export async function sweepRemoteAssets(): Promise<number> {
  if (!isStorageOn()) return 0;
  let place: Place | null = await takeTurn();
  let dropped = 0;
  for (let page = 0; page < MAX_PAGES && place !== null && dropped < MAX_DROPS; page += 1) {
    const swept = await sweepPage(place);
    dropped += swept.dropped;
    await remoteSweeps().updateOne({ _id: 'remote' }, { $set: swept.next });
    // Once through all of it is enough for one turn.
    place = swept.next.list === 0 && swept.next.cursor === null ? null : swept.next;
  }
  if (dropped > 0) logger.warn({ count: dropped }, 'assets without a row were removed from the cloud');
  return dropped;
}

async function sweepPage({ list, cursor }: Place): Promise<{ dropped: number; next: Place }> {
  const of = LISTS[list % LISTS.length] ?? LISTS[0];
  const { assets, nextCursor } = await listAssets(of, { cursor, limit: BATCH });
  const orphans = await findOrphans(assets);
  for (const orphan of orphans) await dropAsset(orphan);
  const next = { list: nextCursor === null ? (list + 1) % LISTS.length : list, cursor: nextCursor };
  return { dropped: orphans.length, next };
}

async function takeTurn() {
  const at = now();
  try {
    return await remoteSweeps().findOneAndUpdate(
      { _id: 'remote', nextAt: { $lte: at } },
      { $set: { nextAt: addMs(at, BETWEEN_TURNS_MS) }, $setOnInsert: { list: 0, cursor: null } },
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
