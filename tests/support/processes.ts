import { afterAll, afterEach, vi } from 'vitest';
import { join } from 'node:path';
import { startProcess, stopProcess, type Child } from '../../scripts/processes.ts';

const ROOT = join(import.meta.dirname, '../..');
const STOP_DEADLINE_MS = 10_000;
const SHOWN_LINES = 40;

type Settings = Readonly<Record<string, string>>;

export interface AppProcess {
  pid: number;
  /** Of metrics and health. */
  privateUrl: string;
  /** Everything it has written so far. */
  lines: readonly string[];
  /** Exit code, or 128 + number of the signal. */
  exited: Promise<number>;
  /** Sends the signal to the process itself and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number>;
}

export interface ApiProcess extends AppProcess {
  base: string;
}

interface Started {
  child: Child;
  lines: string[];
}

/** Processes take their time on a busy machine. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const started: Started[] = [];

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const { child, lines } of started) {
    const faults = lines.filter((line) => !line.includes('"level":"info"'));
    console.log([child.name, ...faults.slice(-SHOWN_LINES)].join('\n'));
  }
});

afterAll(async () => {
  await Promise.all(started.splice(0).map(({ child }) => stopProcess(child, STOP_DEADLINE_MS)));
});

/** An API process over this file's servers, listening on a free port; stopped with the file. `folder` holds the program. */
export async function startApi(settings: Settings = {}, folder = 'src'): Promise<ApiProcess> {
  const { child, lines, listening } = await start({ name: 'server', folder, settings, ready: 'api listening' });
  const { port, privatePort } = await listening;
  return { ...toApp(child, lines, privatePort), base: `http://127.0.0.1:${port ?? 0}` };
}

/** A worker process over this file's servers; stopped with the file. */
export async function startWorker(settings: Settings = {}, folder = 'src'): Promise<AppProcess> {
  const { child, lines, listening } = await start({ name: 'worker', folder, settings, ready: 'worker running' });
  return toApp(child, lines, (await listening).privatePort);
}

function toApp(child: Child, lines: readonly string[], privatePort: number): AppProcess {
  return {
    lines,
    pid: child.pid,
    privateUrl: `http://127.0.0.1:${privatePort}`,
    exited: child.exited,
    end(signal) {
      process.kill(child.pid, signal);
      return child.exited;
    },
  };
}

interface Program {
  name: 'server' | 'worker';
  folder: string;
  settings: Settings;
  /** The log line that says on which ports it listens. */
  ready: string;
}

interface Ports {
  port?: number;
  privatePort: number;
}

async function start({ name, folder, settings, ready }: Program): Promise<Started & { listening: Promise<Ports> }> {
  const ports = Promise.withResolvers<Ports>();
  const lines: string[] = [];
  const child = await startProcess({
    name,
    args: [join(ROOT, folder, `${name}.${folder === 'src' ? 'ts' : 'js'}`)],
    // Of a real worker the sweeps belong to what is tested; what it fails to hand on while the machine is busy comes again soon.
    env: { LOG_LEVEL: 'info', SWEEP_INTERVAL_SECONDS: '15', OUTBOX_RETRY_SECONDS: '3', ...settings },
    onLine(line) {
      lines.push(line);
      if (line.includes(ready)) ports.resolve(JSON.parse(line) as Ports);
    },
  });
  started.push({ child, lines });
  void child.exited.then((code) => {
    ports.reject(new Error(`${name} ended with exit code ${code}:\n${lines.join('\n')}`));
  });
  // Nobody waits for the ports any more when it ends at the end of the test.
  ports.promise.catch(() => undefined);
  return { child, lines, listening: ports.promise };
}

/** The value of one sample of the metrics, 0 where it is not there. */
export async function metricOf({ privateUrl }: AppProcess, sample: string): Promise<number> {
  const text = await (await fetch(`${privateUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
