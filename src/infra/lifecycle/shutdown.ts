import { config } from '../../config/index.ts';
import { logger } from '../observability/logger.ts';
import { reportError } from '../observability/report-error.ts';
import { drainDetached } from './detached.ts';

/** The stages run in this order; drainers of one stage run together. */
const STAGES = ['intake', 'work', 'clients'] as const;
type Stage = (typeof STAGES)[number];

interface Drainer {
  stage: Stage;
  name: string;
  drain: () => void | Promise<void>;
}

const drainers: Drainer[] = [];
let shuttingDown: Promise<void> | null = null;

/** Whoever opens something that lives as long as the process registers here how it ends. */
export function onShutdown(stage: Stage, name: string, drain: () => void | Promise<void>): void {
  drainers.push({ stage, name, drain });
}

export function isShuttingDown(): boolean {
  return shuttingDown !== null;
}

/** Readiness is off from here on; no new intake, work in hand finished, clients closed. Idempotent; also what tests call. */
export function shutdown(reason: string): Promise<void> {
  // A tick later, so that even the first drainer finds `isShuttingDown` true.
  shuttingDown ??= Promise.resolve().then(() => drainAll(reason));
  return shuttingDown;
}

/** Tests only, after a shutdown: what is opened from here on belongs to the next life of this process. */
export function beginAnew(): void {
  shuttingDown = null;
}

/** Signals and faults nobody caught: staged shutdown with a deadline, then exit. */
export function installProcessHandlers(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void exitAfterShutdown(signal, 0));
  }
  process.on('uncaughtException', (error) => {
    reportError(error, { where: 'uncaughtException', isFatal: true });
    void exitAfterShutdown('uncaughtException', 1);
  });
  process.on('unhandledRejection', (error) => {
    reportError(error, { where: 'unhandledRejection', isFatal: true });
    void exitAfterShutdown('unhandledRejection', 1);
  });
}

async function exitAfterShutdown(reason: string, code: number): Promise<void> {
  const forced = setTimeout(() => {
    logger.error({ reason }, 'shutdown deadline passed, exiting now');
    process.exit(1);
  }, config.server.shutdownDeadlineMs);
  await shutdown(reason);
  clearTimeout(forced);
  process.exit(code);
}

async function drainAll(reason: string): Promise<void> {
  logger.info({ reason }, 'shutting down');
  for (const stage of STAGES) {
    await Promise.all(drainers.filter((drainer) => drainer.stage === stage).map(drainOne));
    if (stage === 'work') await drainDetached();
  }
  drainers.length = 0;
  logger.info({ reason }, 'shut down');
}

async function drainOne(drainer: Drainer): Promise<void> {
  try {
    await drainer.drain();
  } catch (error) {
    reportError(error, { where: `shutdown ${drainer.name}` });
  }
}
