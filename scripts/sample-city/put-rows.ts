import { isDeepStrictEqual } from 'node:util';
import type { mongo } from 'mongoose';

export interface SeedProgress {
  collection: string;
  done: number;
  total: number;
}

export interface Row {
  _id: string;
}

interface Wish {
  rows: readonly Row[];
  /** What becomes of a row that is there already; absent: it stays. */
  renew?: (stored: Row, row: Row) => Row;
  onProgress?: ((progress: SeedProgress) => void) | undefined;
}

const BATCH_SIZE = 1_000;

/** Adds the rows that are missing, and renews those that are there. @returns how many were written */
export async function putRows(model: { collection: object }, { rows, renew, onProgress }: Wish): Promise<number> {
  const collection = model.collection as mongo.Collection<Row>;
  let written = 0;
  for (let start = 0; start < rows.length; start += BATCH_SIZE) {
    const batch = rows.slice(start, start + BATCH_SIZE);
    const projection = renew === undefined ? { _id: 1 } : {};
    const stored = await collection.find({ _id: { $in: batch.map(({ _id }) => _id) } }, { projection }).toArray();
    const known = new Map(stored.map((row) => [row._id, row]));
    const missing = batch.filter(({ _id }) => !known.has(_id));
    if (missing.length > 0) await collection.insertMany(missing, { ordered: false });
    written += missing.length + (renew === undefined ? 0 : await replace(collection, batch, { known, renew }));
    onProgress?.({ collection: collection.collectionName, done: start + batch.length, total: rows.length });
  }
  return written;
}

async function replace(
  collection: mongo.Collection<Row>,
  batch: readonly Row[],
  { known, renew }: { known: ReadonlyMap<string, Row>; renew: NonNullable<Wish['renew']> },
): Promise<number> {
  const changed = batch.flatMap((row) => {
    const stored = known.get(row._id);
    const renewed = stored === undefined ? undefined : renew(stored, row);
    return renewed === undefined || isDeepStrictEqual(renewed, stored) ? [] : [renewed];
  });
  if (changed.length === 0) return 0;
  await collection.bulkWrite(
    changed.map(({ _id, ...replacement }) => ({ replaceOne: { filter: { _id }, replacement } })),
    { ordered: false },
  );
  return changed.length;
}

/** Fields that newer code wants get the row's values; what is there stays. */
export function withMissingFields(stored: Row, row: Row): Row {
  return { ...row, ...stored };
}
