import { readdirSync } from 'node:fs';
import mongoose from 'mongoose';

/**
 * Begins to count the descriptors of this process. @returns how many there are more than at the begin, without the database's own
 * connections: a pool that grows while the machine is busy is no leak.
 */
export function watchDescriptors(): () => number {
  let pooled = 0;
  const client = mongoose.connection.getClient();
  client.on('connectionCreated', () => (pooled += 1));
  client.on('connectionClosed', () => (pooled -= 1));
  const before = count();
  return () => count() - before - pooled;
}

function count(): number {
  return readdirSync('/proc/self/fd').length;
}
