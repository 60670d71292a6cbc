import { mongo } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServicesError } from './services-error.ts';

const REPLICA_SET = 'rs0';
const ALREADY_INITIALIZED = 23;
const PRIMARY_TIMEOUT_MS = 20_000;
const POLL_MS = 10;

export { REPLICA_SET };

/** A client for one server, whatever replica set it may be in. */
export function directClient(port: number): mongo.MongoClient {
  return new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2000,
    connectTimeoutMS: 2000,
    monitorCommands: false,
  });
}

/**
 * Makes the server on this port the primary of a replica set of one: a new one is initiated; one that knew itself under
 * another port is told the new address by force, since there is no other member to agree with.
 */
export async function becomePrimary(port: number): Promise<void> {
  const client = directClient(port);
  try {
    const admin = client.db('admin');
    const deadline = performance.now() + PRIMARY_TIMEOUT_MS;
    let isConfigured = false;
    while (performance.now() < deadline) {
      isConfigured ||= await configure(admin, `127.0.0.1:${port}`).catch(isTransient);
      if (isConfigured && (await isPrimary(admin))) return;
      await sleep(POLL_MS);
    }
    throw new ServicesError(`The MongoDB replica set on port ${port} got no primary within 20 seconds; run it again.`);
  } finally {
    await client.close();
  }
}

/** True when the configuration names this host. */
async function configure(admin: mongo.Db, host: string): Promise<boolean> {
  const config = { _id: REPLICA_SET, members: [{ _id: 0, host }] };
  try {
    await admin.command({ replSetInitiate: config });
    return true;
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.code !== ALREADY_INITIALIZED) throw error;
  }
  const { config: current } = (await admin.command({ replSetGetConfig: 1 })) as {
    config: { version: number; members: { host: string }[] };
  };
  if (current.members.length === 1 && current.members[0]?.host === host) return true;
  await admin.command({ replSetReconfig: { ...config, version: current.version + 1 }, force: true });
  return true;
}

async function isPrimary(admin: mongo.Db): Promise<boolean> {
  try {
    return (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
  } catch {
    return false;
  }
}

/** While a server starts, it refuses for several reasons that pass; a wrong command is not one of them. */
function isTransient(error: unknown): false {
  if (error instanceof mongo.MongoServerError && error.codeName === 'InvalidReplicaSetConfig') throw error;
  if (error instanceof mongo.MongoError) return false;
  throw error;
}
