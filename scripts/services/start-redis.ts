import { Redis } from 'ioredis';
import { join } from 'node:path';
import type { Binary } from './find-binary.ts';
import { stopGraceSeconds, type Purpose } from './start-mongod.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { isListening } from './tcp-probe.ts';

export async function startRedis(binary: Binary, dataDir: string, purpose: Purpose): Promise<RunningServer> {
  const folder = join(dataDir, 'redis');
  return startServer({
    name: 'Redis',
    binary: binary.path,
    folder,
    stopGraceSeconds: stopGraceSeconds(purpose),
    args: (port) => redisArguments(port, folder, purpose),
    isReady: isOurRedis,
    diagnose: (_exitCode, log) => (/Address already in use/i.test(log) ? 'port-in-use' : 'other'),
  });
}

function redisArguments(port: number, folder: string, purpose: Purpose): string[] {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', purpose === 'demo' ? 'yes' : 'no', '--appendfsync', 'everysec'],
    // BullMQ would lose jobs under any other policy.
    ...['--maxmemory-policy', 'noeviction', '--databases', '64'],
  ];
}

async function isOurRedis(port: number, pid: number): Promise<boolean> {
  if (!(await isListening(port))) return false;
  const redis = connectOnce(`redis://127.0.0.1:${port}`);
  try {
    // INFO is answered even while the data is loaded; PING fails until then.
    await redis.ping();
    return infoField(await redis.info('server'), 'process_id') === String(pid);
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** A connection that fails instead of trying again. */
export function connectOnce(url: string): Redis {
  const redis = new Redis(url, {
    retryStrategy: () => null,
    connectTimeout: 3000,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  // The failed command itself carries the error to its caller.
  redis.on('error', () => undefined);
  return redis;
}

export function infoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
