import mongoose from 'mongoose';

/** Another index has this name, or these keys with other options. */
const CONFLICTS = new Set(['IndexOptionsConflict', 'IndexKeySpecsConflict']);

/**
 * Creates every collection and index that a model declares; collections must exist before a transaction first writes to them.
 * It drops nothing, so that an old and a new version can run side by side, unless `replacesChanged`: then an index whose
 * definition has changed is built anew, as a developer wants it.
 */
export async function syncIndexes({ replacesChanged }: { replacesChanged: boolean }): Promise<void> {
  for (const model of Object.values(mongoose.models)) {
    await model.createCollection();
    try {
      await model.createIndexes();
    } catch (error) {
      if (!replacesChanged || !isConflict(error)) throw error;
      await model.syncIndexes();
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && CONFLICTS.has(error.codeName ?? '');
}
