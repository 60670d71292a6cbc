import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binary } from './find-binary.ts';
import { becomePrimary, directClient, REPLICA_SET } from './replica-set.ts';
import { startServer, type RunningServer, type ServerKind } from './start-server.ts';
import { isListening } from './tcp-probe.ts';

export type Purpose = 'demo' | 'test';

/** Kept data is closed in order; in tests nobody waits the second that takes, and a killed mongod loses nothing acknowledged. */
export function stopGraceSeconds(purpose: Purpose): number {
  return purpose === 'demo' ? 5 : 0;
}

const EXIT_PORT_IN_USE = 48;
const EXIT_FOLDER_IN_USE = 100;

export async function startMongod(binary: Binary, dataDir: string, purpose: Purpose): Promise<RunningServer> {
  // An older server cannot open the files of a newer one, so each major version has a folder of its own.
  const folder = join(dataDir, `mongo-${binary.major}`);
  await mkdir(join(folder, 'db'), { recursive: true });
  const server = await startServer(mongodKind(binary, folder, purpose));
  try {
    await becomePrimary(server.port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function mongodKind(binary: Binary, folder: string, purpose: Purpose): ServerKind {
  return {
    name: 'MongoDB',
    binary: binary.path,
    folder,
    stopGraceSeconds: stopGraceSeconds(purpose),
    args: (port) => mongodArguments(port, join(folder, 'db'), purpose),
    isReady: isOurMongod,
    diagnose: (exitCode) => {
      if (exitCode === EXIT_PORT_IN_USE) return 'port-in-use';
      return exitCode === EXIT_FOLDER_IN_USE ? 'folder-in-use' : 'other';
    },
  };
}

function mongodArguments(port: number, dbPath: string, purpose: Purpose): string[] {
  const common = [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', REPLICA_SET, '--quiet', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
  if (purpose === 'demo') {
    // What a process held that was killed inside a transaction stays locked for so long, instead of a minute. None of ours lasts longer.
    const lifetime = ['--setParameter', 'transactionLifetimeLimitSeconds=15'];
    return [...common, '--wiredTigerCacheSizeGB', '0.5', ...lifetime];
  }
  return [
    ...common,
    ...['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'enableTestCommands=1'],
    // A test that leaks a transaction blocks the emptying of its collections for one and a half times this.
    ...['--setParameter', 'transactionLifetimeLimitSeconds=5'],
  ];
}

async function isOurMongod(port: number, pid: number): Promise<boolean> {
  if (!(await isListening(port))) return false;
  const client = directClient(port);
  try {
    const status = await client.db('admin').command({ serverStatus: 1, metrics: 0, wiredTiger: 0, repl: 0 });
    return Number(status['pid']) === pid;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
