import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import { freePort, rememberedPort, rememberPort } from './ports.ts';
import { ServicesError } from './services-error.ts';

const READY_TIMEOUT_MS = 30_000;
/** How long the previous server may take to leave the folder. */
const FOLDER_IN_USE_MS = 6000;
const POLL_MS = 15;

/** What differs between the two servers. */
export interface ServerKind {
  readonly name: string;
  readonly binary: string;
  /** Data, log and remembered port lie here. */
  readonly folder: string;
  /** From TERM to KILL. */
  readonly stopGraceSeconds: number;
  args(port: number): readonly string[];
  /**
   * True once the server with this process id answers on the port. Comparing the id matters: on a port that was taken in
   * between, somebody else's server would answer.
   */
  isReady(port: number, pid: number): Promise<boolean>;
  diagnose(exitCode: number, log: string): 'port-in-use' | 'folder-in-use' | 'other';
}

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server on the port of last time or a free one. @throws ServicesError */
export async function startServer(kind: ServerKind): Promise<RunningServer> {
  await mkdir(kind.folder, { recursive: true });
  const portFile = join(kind.folder, 'port');
  const giveUpAt = performance.now() + FOLDER_IN_USE_MS;
  let port = (await rememberedPort(portFile)) ?? (await freePort());
  for (;;) {
    const process = await launch(kind, port);
    const exitCode = await readyOrExit(kind, port, process);
    if (exitCode === null) {
      await rememberPort(portFile, port);
      return { port, pid: process.pid, stop: () => process.stop().then(() => undefined) };
    }
    const reason = kind.diagnose(exitCode, await readLog(kind));
    if (reason === 'other' || performance.now() > giveUpAt) throw explain(kind, reason, exitCode);
    if (reason === 'port-in-use') port = await freePort();
    else await sleep(200);
  }
}

async function launch(kind: ServerKind, port: number): Promise<GuardedProcess> {
  const log = await open(logFile(kind), 'w');
  try {
    return await startGuarded({
      command: kind.binary,
      args: kind.args(port),
      graceSeconds: kind.stopGraceSeconds,
      output: log.fd,
    });
  } finally {
    await log.close();
  }
}

/** null once the server is ready, else its exit code. @throws ServicesError when it is neither in time. */
async function readyOrExit(kind: ServerKind, port: number, process: GuardedProcess): Promise<number | null> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let exitCode: number | null = null;
  void process.exited.then((code) => (exitCode = code));
  while (performance.now() < deadline) {
    const isReady = await kind.isReady(port, process.pid);
    // Read after the await: the server may have ended meanwhile.
    const code = exitCode as number | null;
    if (code !== null) return code;
    if (isReady) return null;
    await sleep(POLL_MS);
  }
  await process.stop();
  throw new ServicesError(`${kind.name} did not become ready within 30 seconds; its log is ${logFile(kind)}.`);
}

function logFile(kind: ServerKind): string {
  return join(kind.folder, 'server.log');
}

function readLog(kind: ServerKind): Promise<string> {
  return readFile(logFile(kind), 'utf8').catch(() => '');
}

function explain(kind: ServerKind, reason: 'port-in-use' | 'folder-in-use' | 'other', exitCode: number): ServicesError {
  if (reason === 'folder-in-use') {
    return new ServicesError(`The data folder ${kind.folder} is in use by another ${kind.name}; stop that one first.`);
  }
  if (reason === 'port-in-use') return new ServicesError(`${kind.name} found no free port; close some programs.`);
  return new ServicesError(
    `${kind.name} did not start (exit code ${exitCode}); its log ${logFile(kind)} says why, and removing the data folder ${kind.folder} begins anew.`,
  );
}
