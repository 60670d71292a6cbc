import mongoose, { mongo } from 'mongoose';
import { isFromTests } from './query-origin.ts';

const COMMENT = 'asked by a test';
const PROFILE_BYTES = 4 * 1024 * 1024;
/** A given server may forbid the profiler; there the guard stands back. */
const FORBIDDEN = [13, 8000];

/** Only what the product asked, and only whole collections: a run without a scan writes nothing. A change stream scans the oplog. */
const SCANS_OF_PRODUCT = {
  planSummary: { $regex: 'COLLSCAN' },
  ...both('comment', { $ne: COMMENT }),
  ...both('pipeline.0.$changeStream', { $exists: false }),
  ns: { $not: { $regex: 'system[.]' } },
};

function both(field: string, condition: object): object {
  return { [`command.${field}`]: condition, [`originatingCommand.${field}`]: condition };
}

/**
 * No query of the product reads a whole collection, in any test: mongod itself writes down those that do. What tests ask for
 * themselves carries a comment, by the frame that asked (`query-origin.ts`); everything without it, other processes included, counts.
 */
export async function guardAgainstScans(db: mongo.Db): Promise<{ assertNone(): Promise<void> }> {
  const isWatching = await watch(db);
  return {
    async assertNone() {
      if (!isWatching) return;
      const scans = await db.collection('system.profile').find({}, { comment: COMMENT }).toArray();
      await db.command({ profile: 0 });
      const lines = new Set(scans.filter(isScan).map(toLine));
      if (lines.size > 0) throw new Error(`whole collections were read:\n${[...lines].join('\n')}`);
    },
  };
}

async function watch(db: mongo.Db): Promise<boolean> {
  try {
    await db.command({ profile: 0 });
    // What the file before left there is not this one's.
    await db.dropCollection('system.profile').catch(() => false);
    await db.createCollection('system.profile', { capped: true, size: PROFILE_BYTES });
    await db.command({ profile: 1, filter: SCANS_OF_PRODUCT });
    return true;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && FORBIDDEN.includes(Number(error.code))) return false;
    throw error;
  }
}

/** A test with a profiler of its own (tests/support/profiler.ts) has filled it with everything. */
function isScan({ planSummary, command, originatingCommand }: mongo.Document): boolean {
  const asked = (originatingCommand ?? command) as { comment?: unknown; pipeline?: unknown[] };
  const isChangeStream = JSON.stringify(asked.pipeline?.[0] ?? {}).includes('$changeStream');
  return String(planSummary).includes('COLLSCAN') && asked.comment !== COMMENT && !isChangeStream;
}

function toLine({ op, ns, command, originatingCommand }: mongo.Document): string {
  const asked = Object.entries((originatingCommand ?? command) as object);
  const shown = asked.filter(([key]) => ['filter', 'query', 'q', 'pipeline', 'sort'].includes(key));
  return `${String(op)} ${String(ns)} ${mongo.BSON.EJSON.stringify(Object.fromEntries(shown))}`;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Raw queries: in which argument the options are. */
const RAW: Readonly<Record<string, number>> = {
  ...{ find: 1, findOne: 1, aggregate: 1, countDocuments: 1, deleteMany: 1, deleteOne: 1, findOneAndDelete: 1 },
  ...{ distinct: 2, updateMany: 2, updateOne: 2, findOneAndUpdate: 2, replaceOne: 2, findOneAndReplace: 2 },
};

/** Queries of models, which begin with the name that is called and reach the driver later, without the frame that asked. */
const MODEL = [
  ...['find', 'findOne', 'findById', 'countDocuments', 'distinct', 'exists', 'aggregate', 'where', 'replaceOne'],
  ...['updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'findOneAndUpdate', 'findByIdAndUpdate'],
  ...['findOneAndDelete', 'findByIdAndDelete', 'findOneAndReplace'],
];

let areMarked = false;

/** From here on what a test asks the database carries its comment. */
export function markQueriesOfTests(): void {
  if (areMarked) return;
  areMarked = true;
  for (const [name, position] of Object.entries(RAW)) {
    wrap(mongo.Collection.prototype, name, (original, self, args) => {
      if (!isFromTests()) return original.apply(self, args);
      const marked = Array.from({ length: Math.max(args.length, position + 1) }, (_, index) => args[index]);
      marked[position] = { comment: COMMENT, ...(marked[position] as object | undefined) };
      // `undefined` stands for an argument that was not given.
      return original.apply(self, marked);
    });
  }
  for (const name of MODEL) {
    wrap(mongoose.Model, name, (original, self, args) => {
      const query = original.apply(self, args);
      if (isFromTests()) comment(query);
      return query;
    });
  }
}

function comment(query: unknown): void {
  if (query instanceof mongoose.Query) query.comment(COMMENT);
  if (query instanceof mongoose.Aggregate) query.option({ comment: COMMENT });
}

function wrap(
  owner: object,
  name: string,
  call: (original: AnyFunction, self: unknown, args: unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new Error(`${name} is not there any more`);
  Reflect.set(owner, name, function wrapped(this: unknown, ...args: unknown[]) {
    return call(original as AnyFunction, this, args);
  });
}
