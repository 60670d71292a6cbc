import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job } from 'bullmq';
import { nowMs } from '../../shared/clock.ts';
import { logger } from '../observability/index.ts';

/** To be there once when a worker dies is a deployment; twice, and one of those who were there may be the reason. */
const SUSPECT_FROM = 2;
/** Longer than it takes to put the others back that came in the same moment. */
const QUIET_MS = 500;
const AGAIN_MS = 1000;

let isTurnTaken = false;

/**
 * Runs a job that stalled twice only while no other such job runs in this process. BullMQ finds all jobs of a dead worker at once and
 * they would be picked up together again, so that one which kills its process would take the same neighbours along until all of them
 * have stalled too often (bar.md R26). Those whose turn it is not lie in the delayed set, where nothing stalls.
 * @throws DelayedError when it was put back
 */
export async function inSuspectsTurn(job: Job, token: string | undefined, run: () => Promise<void>): Promise<void> {
  if (job.stalledCounter < SUSPECT_FROM) return run();
  if (isTurnTaken) {
    await job.moveToDelayed(nowMs() + AGAIN_MS, token);
    throw new DelayedError();
  }
  isTurnTaken = true;
  try {
    logger.warn({ queue: job.queueName, job: job.name, jobId: job.id }, 'job stalled twice, runs apart from others');
    await sleep(QUIET_MS);
    await run();
  } finally {
    isTurnTaken = false;
  }
}
