import mongoose from 'mongoose';

interface Asked {
  collection: string;
  /** An index begins with it. */
  field: string;
}

/** Which of these values some document has in the field: one question, and for each value one entry of the index, however many have it. */
export async function findUsed({ collection, field }: Asked, values: readonly string[]): Promise<Set<string>> {
  const { db } = mongoose.connection;
  if (db === undefined || values.length === 0) return new Set();
  const pipeline = [{ $limit: 1 }, { $project: { _id: 1 } }];
  const used = await db
    .aggregate<{ value: string }>([
      { $documents: values.map((value) => ({ value: { $literal: value } })) },
      { $lookup: { from: collection, localField: 'value', foreignField: field, pipeline, as: 'found' } },
      { $match: { 'found.0': { $exists: true } } },
      { $project: { value: 1 } },
    ])
    .toArray();
  return new Set(used.map(({ value }) => value));
}
