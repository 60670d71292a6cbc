import mongoose from 'mongoose';

/**
 * Creates every collection and index that a model declares; collections must exist before a transaction first writes to them.
 * It drops nothing, so that an old and a new version can run side by side, unless `replacesChanged`: then an index whose definition
 * has changed is built anew and one that no model names goes, as a developer wants it.
 * @returns the indexes that are left and that no model names, as `collection.index`
 */
export async function syncIndexes({ replacesChanged }: { replacesChanged: boolean }): Promise<string[]> {
  const unnamed: string[] = [];
  for (const model of Object.values(mongoose.models)) {
    await model.createCollection();
    const { toDrop } = (await model.diffIndexes()) as { toDrop: string[] };
    if (replacesChanged) await model.cleanIndexes({ toDrop });
    else unnamed.push(...toDrop.map((index) => `${model.collection.collectionName}.${index}`));
    await model.createIndexes();
  }
  return unnamed;
}
