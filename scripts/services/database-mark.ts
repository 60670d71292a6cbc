import type { mongo } from 'mongoose';
import { now } from '../../src/shared/clock.ts';
import { ServicesError } from './services-error.ts';
import { connectOnce } from './start-redis.ts';

export const MARKER_COLLECTION = 'quickbite_marker';
const MARKER_ID = 'quickbite';

interface Marker {
  _id: string;
  purpose: string;
  createdAt: Date;
}

/**
 * Claims an empty database for QuickBite; a second call on a claimed one changes nothing.
 * @throws ServicesError when somebody's data is in it.
 */
export async function markDatabase(db: mongo.Db, purpose: 'demo' | 'test' | 'bench'): Promise<void> {
  if (await isOwnDatabase(db)) return;
  if (await holdsDocuments(db)) {
    throw new ServicesError(
      `The database "${db.databaseName}" holds data that is not QuickBite's; name an empty one in MONGODB_URI.`,
    );
  }
  await db
    .collection<Marker>(MARKER_COLLECTION)
    .updateOne({ _id: MARKER_ID }, { $setOnInsert: { purpose, createdAt: now() } }, { upsert: true });
}

export async function isOwnDatabase(db: mongo.Db): Promise<boolean> {
  return (await db.collection<Marker>(MARKER_COLLECTION).findOne({ _id: MARKER_ID })) !== null;
}

/** Call it before anything that deletes. @throws ServicesError when QuickBite did not create this database. */
export async function assertOwnDatabase(db: mongo.Db): Promise<void> {
  if (await isOwnDatabase(db)) return;
  throw new ServicesError(
    `The database "${db.databaseName}" was not created by QuickBite, so it is never emptied; name an empty one in MONGODB_URI.`,
  );
}

/** Deletes all documents but the mark; collections and indexes stay, since dropped files remain open in the server. */
export async function emptyOwnDatabase(db: mongo.Db): Promise<void> {
  await assertOwnDatabase(db);
  const names = await collectionNames(db);
  await Promise.all(names.map((name) => db.collection(name).deleteMany({})));
}

/**
 * Deletes the keys that begin with `prefix`, in the braces of BullMQ or without, and no others: a Redis that was given may hold the
 * data of others, so nothing here ever flushes.
 */
export async function deleteOwnKeys(redisUrl: string, prefix: string): Promise<void> {
  if (prefix.length < 4) throw new ServicesError(`The Redis key prefix "${prefix}" is too short to delete by.`);
  const redis = connectOnce(redisUrl);
  try {
    for (const start of [prefix, `{${prefix}`]) await deleteKeys(redis, `${escapeGlob(start)}*`);
  } finally {
    redis.disconnect();
  }
}

async function deleteKeys(redis: ReturnType<typeof connectOnce>, pattern: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&');
}

async function holdsDocuments(db: mongo.Db): Promise<boolean> {
  for (const name of await collectionNames(db)) {
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null) return true;
  }
  return false;
}

async function collectionNames(db: mongo.Db): Promise<string[]> {
  const collections = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return collections
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && name !== MARKER_COLLECTION);
}
