import mongoose from 'mongoose';

/**
 * Creates every collection and index that a model declares; drops none, so that an old and a new version can run side by side.
 * Collections must exist before a transaction first writes to them.
 */
export async function syncIndexes(): Promise<void> {
  for (const model of Object.values(mongoose.models)) {
    await model.createCollection();
    await model.createIndexes();
  }
}
