import { Redis } from 'ioredis';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedis } from '../services/find-redis.ts';
import { startRedis } from '../services/start-redis.ts';

const CACHE_DIR = join(import.meta.dirname, '../../.cache/services');

/** A Redis to be killed, frozen and emptied. It writes its append-only file every second, as in production. */
export interface OwnRedis {
  url: string;
  /** For the harness's own looks and its FLUSHALL. */
  client: Redis;
  signal(name: NodeJS.Signals): void;
  /** kill -9, and away until `start`. */
  kill(): Promise<void>;
  /** On the port and with the file of before. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnRedis(dataDir: string, say: (line: string) => void): Promise<OwnRedis> {
  const binary = await findRedis({ cacheDir: CACHE_DIR, env: { PATH: process.env['PATH'] }, onProgress: say });
  let server = await startRedis(binary, dataDir, 'demo');
  const url = `redis://127.0.0.1:${server.port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  return {
    url,
    client,
    signal: (name) => process.kill(server.pid, name),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await untilGone(server.pid);
    },
    start: async () => {
      server = await startRedis(binary, dataDir, 'demo');
      if (`redis://127.0.0.1:${server.port}` !== url) throw new Error('somebody took the port of the killed Redis');
    },
    stop: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}

async function untilGone(pid: number): Promise<void> {
  while (isThere(pid)) await sleep(5);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
