import mongoose, { mongo } from 'mongoose';
import {
  assertOwnDatabase,
  deleteOwnKeys,
  emptyOwnDatabase,
  markDatabase,
  MARKER_COLLECTION,
} from '../../scripts/services/index.ts';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'aggregate', 'create']);

/** Collections written to by this process since they were last emptied. */
const touched = new Set<string>();
let workerDatabase: mongo.Db | null = null;

/**
 * Marks the worker's database as ours, empties what the previous file left, and watches what Mongoose's default
 * connection writes from now on.
 */
export async function prepareWorkerDatabase(
  uri: string,
  { redisUrl, redisPrefix }: { redisUrl: string; redisPrefix: string },
): Promise<{ db: mongo.Db; close(): Promise<void> }> {
  const client = new mongo.MongoClient(uri, { monitorCommands: false });
  const db = client.db();
  await markDatabase(db, 'test');
  await Promise.all([emptyOwnDatabase(db), deleteOwnKeys(redisUrl, redisPrefix)]);
  workerDatabase = db;
  touched.clear();
  watch(mongoose.connection);
  return { db, close: () => client.close() };
}

/**
 * Empties the collections that tests touched since the last call. Never drops: indexes must survive, and dropped files stay
 * open in the server until it runs out of descriptors. What other processes wrote is for `emptyAllCollections`.
 * @throws ServicesError when the database does not carry QuickBite's mark.
 */
export async function emptyCollections(): Promise<void> {
  const db = database();
  await settle();
  const names = [...touched];
  touched.clear();
  if (names.length === 0) return;
  await assertOwnDatabase(db);
  await Promise.all(names.map((name) => db.collection(name).deleteMany({})));
}

/** For tests that write from other processes. */
export async function emptyAllCollections(): Promise<void> {
  await settle();
  touched.clear();
  await emptyOwnDatabase(database());
}

/** Only now, since src/config reads the environment that the file has asked for. */
async function settle(): Promise<void> {
  const support = await import('../support/settle.ts');
  await support.settle();
}

function database(): mongo.Db {
  if (workerDatabase === null) throw new Error('only tests of the project "real" have a database');
  return workerDatabase;
}

function watch(connection: mongoose.Connection): void {
  connection.off('connected', watchClient);
  connection.on('connected', watchClient);
}

function watchClient(): void {
  const client = mongoose.connection.getClient();
  client.off('commandStarted', remember);
  client.on('commandStarted', remember);
}

function remember(event: mongo.CommandStartedEvent): void {
  if (event.databaseName !== workerDatabase?.databaseName || !WRITES.has(event.commandName)) return;
  const collection: unknown = event.command[event.commandName];
  if (typeof collection === 'string' && collection !== MARKER_COLLECTION) touched.add(collection);
}
