import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, stopProcess, waitForHttp, type Child } from '../processes.ts';

const ROOT = join(import.meta.dirname, '../..');
const STOP_DEADLINE_MS = 10_000;
const START_MS = 120_000;
const KEPT_LINES = 60;

interface AppOptions {
  name: string;
  program: 'server' | 'worker';
  env: Readonly<Record<string, string | undefined>>;
  /** Answers /health/live once the process is at work. */
  privatePort: number;
}

/** An API or worker under a supervisor: it is started again whenever it ends, as in production. */
export class AppProcess {
  readonly name: string;
  readonly lines: string[] = [];
  starts = 0;
  readonly #options: AppOptions;
  #child: Child | null = null;
  #isStopped = false;
  #isUp = false;

  constructor(options: AppOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    const { name, program, env, privatePort } = this.#options;
    const child = await startProcess({
      name,
      args: [join(ROOT, `src/${program}.ts`)],
      env,
      graceSeconds: 5,
      onLine: (line) => {
        if (this.lines.push(line) > KEPT_LINES) this.lines.shift();
      },
    });
    this.#child = child;
    this.starts += 1;
    void child.exited.then(() => this.#again(child));
    await waitForHttp(`http://127.0.0.1:${privatePort}/health/live`, { child, timeoutMs: START_MS }).catch(
      (error: unknown) => {
        throw new Error([`${name} does not start`, ...this.lines].join('\n'), { cause: error });
      },
    );
    this.#isUp = true;
  }

  /** Waits until it is at work, after whatever happened to it. */
  async ready(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!this.#isUp) {
      if (performance.now() > deadline) throw new Error([`${this.name} does not start`, ...this.lines].join('\n'));
      await sleep(20);
    }
  }

  /** False where it is gone already. */
  signal(name: NodeJS.Signals): boolean {
    if (name === 'SIGKILL') this.#isUp = false;
    try {
      return this.#child !== null && process.kill(this.#child.pid, name);
    } catch {
      return false;
    }
  }

  /** Shortened. */
  lastLines(): string[] {
    return this.lines.slice(-12).map((line) => line.slice(0, 400));
  }

  /** Ended, and not started again until `start`. */
  async away(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#isStopped = true;
    const child = this.#child;
    this.signal(signal);
    await child?.exited;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.signal('SIGCONT');
    if (this.#child !== null) await stopProcess(this.#child, STOP_DEADLINE_MS);
  }

  async #again(ended: Child): Promise<void> {
    if (this.#child === ended) this.#isUp = false;
    // The one that failed to start at all must not be started as fast as the machine can.
    await sleep(50);
    if (!this.#isStopped && this.#child === ended) await this.start().catch(() => undefined);
  }
}
