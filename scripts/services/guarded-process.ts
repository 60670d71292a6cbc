import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const GUARD = join(import.meta.dirname, 'guard.sh');

export interface GuardedProcess {
  /** Process id of the command itself, not of its guard. */
  readonly pid: number;
  /** Exit code, or 128 + number of the signal, as a shell reports it. */
  readonly exited: Promise<number>;
  /** Present when `output` is 'pipe'. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** TERM, then KILL after the grace. Resolves to the exit code. */
  stop(): Promise<number>;
}

export interface GuardedOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly graceSeconds: number;
  /** File descriptor that takes stdout and stderr, or 'pipe'. */
  readonly output: number | 'pipe';
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts a command that cannot outlive this process, whatever way this process ends; until it is stopped it keeps this process
 * alive. Rejects when there is no `sh`.
 */
export async function startGuarded(options: GuardedOptions): Promise<GuardedProcess> {
  const guard = spawn('/bin/sh', [GUARD, String(options.graceSeconds), options.command, ...options.args], {
    detached: true,
    // The lifeline is not stdin: Node closes that as soon as the guard has put itself into the background.
    stdio: ['ignore', options.output, options.output, 'pipe', 'pipe'],
    env: options.env ?? process.env,
  });
  const lifeline = guard.stdio[4] as Writable;
  // The command may end at any moment: hanging up on nobody is no fault.
  lifeline.on('error', () => undefined);
  const { pid, exited } = listen(guard);
  return {
    pid: await pid,
    exited,
    stdout: guard.stdout,
    stderr: guard.stderr,
    stop: () => {
      lifeline.end();
      return exited;
    },
  };
}

/** Reads "pid N" and "exit N" from descriptor 3. */
function listen(guard: ChildProcess): { pid: Promise<number>; exited: Promise<number> } {
  const pid = Promise.withResolvers<number>();
  const exited = Promise.withResolvers<number>();
  const lines = createInterface({ input: guard.stdio[3] as Readable });
  lines.on('line', (line) => {
    const [word, number] = line.split(' ');
    if (word === 'pid') pid.resolve(Number(number));
    if (word === 'exit') exited.resolve(Number(number));
  });
  lines.on('close', () => {
    pid.reject(new Error('the guard ended before its command started'));
    exited.resolve(1);
    // Releases the `cat` that watches for the end of input.
    (guard.stdio[4] as Writable).destroy();
  });
  guard.on('error', (error) => {
    pid.reject(error);
  });
  return { pid: pid.promise, exited: exited.promise };
}
