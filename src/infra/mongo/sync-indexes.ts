import mongoose from 'mongoose';

/**
 * Creates every collection and index that a model declares; collections must exist before a transaction first writes to them.
 * It drops nothing, so that an old and a new version can run side by side, unless `replacesChanged`: then an index whose definition
 * has changed is built anew and one that no model names goes, as a developer wants it.
 * @returns the indexes that are left and that no model names, as `collection.index`
 */
export async function syncIndexes({ replacesChanged }: { replacesChanged: boolean }): Promise<string[]> {
  const unnamed: string[] = [];
  const existing = new Set((await mongoose.connection.listCollections()).map(({ name }) => name));
  for (const model of Object.values(mongoose.models)) {
    if (!existing.has(model.collection.collectionName)) await model.createCollection();
    const { toDrop, toCreate }: { toDrop: string[]; toCreate: unknown[] } = await model.diffIndexes();
    if (replacesChanged) await model.cleanIndexes({ toDrop });
    else unnamed.push(...toDrop.map((index) => `${model.collection.collectionName}.${index}`));
    // At most starts there are none: asking once per collection is enough.
    if (toCreate.length > 0) await model.createIndexes();
  }
  return unnamed;
}
