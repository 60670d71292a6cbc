import mongoose from 'mongoose';
import { config } from '../../config/index.ts';
import { unblockDriver } from './unblock-driver.ts';

/** The settings of bar.md 2.4: nothing waits for ever, every acknowledged write survives a failover. */
const CONNECTION_OPTIONS = {
  autoIndex: false,
  // syncIndexes makes them; here all at once would take the whole pool from what the start needs.
  autoCreate: false,
  bufferCommands: false,
  serverSelectionTimeoutMS: 3000,
  waitQueueTimeoutMS: config.mongo.waitQueueMs,
  // The driver opens two at a time by itself: a burst on a cold pool would wait longer than that.
  maxConnecting: 10,
  connectTimeoutMS: 3000,
  // The driver's own `timeoutMS` is a no-op in this version: sockets, waits and reads are bounded one by one.
  socketTimeoutMS: config.mongo.timeoutMs,
  maxPoolSize: config.mongo.maxPoolSize,
  retryWrites: true,
  writeConcern: { w: 'majority' as const, journal: true },
  readConcernLevel: 'majority' as const,
};

/**
 * Connects Mongoose, and refuses a standalone server: the first promise of this system is a transaction. `waitsForBuilds` is for the
 * command that builds indexes, which takes minutes on a large collection.
 * @throws Error with one sentence for the operator.
 */
export async function connectMongo({ waitsForBuilds = false } = {}): Promise<void> {
  unblockDriver();
  mongoose.set('strictQuery', 'throw');
  mongoose.set('sanitizeFilter', true);
  mongoose.set('maxTimeMS', config.mongo.timeoutMs);
  await mongoose.connect(config.mongo.uri, {
    ...CONNECTION_OPTIONS,
    ...(waitsForBuilds ? { socketTimeoutMS: 0 } : {}),
  });
  const hello = await mongoose.connection.db?.admin().command({ hello: 1 });
  if (hello?.['setName'] === undefined && hello?.['msg'] !== 'isdbgrid') {
    await mongoose.disconnect();
    throw new Error(
      'MONGODB_URI points at a standalone MongoDB; QuickBite needs a replica set (one member is enough).',
    );
  }
}

export async function disconnectMongo(): Promise<void> {
  await mongoose.disconnect();
}

/** A write-capable primary answers; used by the background probe behind /health/ready. */
export async function isMongoWritable(): Promise<boolean> {
  try {
    const hello = await mongoose.connection.db?.admin().command({ hello: 1 });
    return hello?.['isWritablePrimary'] === true;
  } catch {
    return false;
  }
}
