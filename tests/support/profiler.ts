import { mongo } from 'mongoose';
import { config } from '../../src/config/index.ts';

const SIZE_BYTES = 32 * 1024 * 1024;

/** mongod's own record of every operation on this worker's database. */
export async function startProfiler(): Promise<void> {
  await dropProfile();
  await database().createCollection('system.profile', { capped: true, size: SIZE_BYTES });
  await database().command({ profile: 2 });
}

export async function stopProfiler(): Promise<void> {
  await dropProfile();
  await client?.close();
  client = null;
}

async function dropProfile(): Promise<void> {
  await database().command({ profile: 0 });
  await database()
    .dropCollection('system.profile')
    .catch(() => false);
}

/** The operators that mongod has seen with this value: as `$ne` in `{ $ne: value }`. */
export async function operatorsWith(value: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const operation of database().collection('system.profile').find({})) collect(operation, value, found);
  return [...found];
}

/** Everything that mongod was asked, as JSON. */
export async function textOfOperations(): Promise<string> {
  const operations = await database().collection('system.profile').find({}).toArray();
  return operations.map((operation) => mongo.BSON.EJSON.stringify(operation)).join('\n');
}

export async function profiledOperations(): Promise<number> {
  return database().collection('system.profile').countDocuments({});
}

function collect(node: unknown, value: string, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, inner] of Object.entries(node)) {
    if (/^[$_]/.test(key) && inner === value) found.add(key);
    collect(inner, value, found);
  }
}

/** A client of its own: what it does is no write of the application's. */
let client: mongo.MongoClient | null = null;

function database(): mongo.Db {
  client ??= new mongo.MongoClient(config.mongo.uri, { monitorCommands: false });
  return client.db();
}
