import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuarded } from './services/guarded-process.ts';

export interface ChildOptions {
  readonly name: string;
  /** Arguments of node, for example ['src/server.ts']. Never npm: a SIGTERM to npm does not reach node. */
  readonly args: readonly string[];
  /** Laid over the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onLine?: (line: string, name: string) => void;
  /** From TERM to KILL when this process dies or stops the child. */
  readonly graceSeconds?: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Exit code, or 128 + number of the signal. */
  readonly exited: Promise<number>;
  stop(): Promise<number>;
}

/** Longer than the application's own shutdown deadline (SHUTDOWN_DEADLINE_SECONDS), which is to act first. */
const DEFAULT_GRACE_SECONDS = 30;

/**
 * Starts node with a script. The child cannot outlive this process, and a Ctrl-C in the terminal does not reach it: whoever
 * started it decides the order of stopping.
 */
export async function startProcess(options: ChildOptions): Promise<Child> {
  const { name } = options;
  const process_ = await startGuarded({
    command: process.execPath,
    args: options.args,
    graceSeconds: options.graceSeconds ?? DEFAULT_GRACE_SECONDS,
    output: 'pipe',
    env: { ...process.env, ...options.env },
  });
  for (const stream of [process_.stdout, process_.stderr]) {
    if (stream !== null) eachLine(stream, (line) => options.onLine?.(line, name));
  }
  return { name, pid: process_.pid, exited: process_.exited, stop: () => process_.stop() };
}

function eachLine(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}

/** TERM, and KILL when it is still there after the deadline. Resolves to the exit code. */
export async function stopProcess(child: Child, deadlineMs: number): Promise<number> {
  const timer = setTimeout(() => {
    signal(child, 'SIGKILL');
  }, deadlineMs);
  try {
    return await child.stop();
  } finally {
    clearTimeout(timer);
  }
}

function signal(child: Child, name: NodeJS.Signals): void {
  try {
    process.kill(child.pid, name);
  } catch {
    // It is gone already.
  }
}

export interface WaitOptions {
  readonly timeoutMs?: number;
  /** The child that is to answer: when it ends first, waiting is over at once. */
  readonly child?: Child;
}

/** Waits until a GET on the address answers 2xx. */
export async function waitForHttp(url: string, { timeoutMs = 30_000, child }: WaitOptions = {}): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let exitCode: number | null = null;
  void child?.exited.then((code) => (exitCode = code));
  while (performance.now() < deadline) {
    if (await answers(url)) return;
    // Set by a callback, which the compiler does not see.
    const code = exitCode as number | null;
    if (code !== null) throw new Error(`${child?.name ?? 'the process'} ended with exit code ${code}`);
    await sleep(30);
  }
  throw new Error(`${url} did not answer within ${Math.round(timeoutMs / 1000)} s`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
