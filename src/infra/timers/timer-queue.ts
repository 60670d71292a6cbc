import { z } from 'zod';
import { defineQueue } from '../queue/index.ts';

/** Alarm clocks. A lost one costs at most a sweep interval, since the rows are in MongoDB. */
export const timerQueue = defineQueue({
  name: 'timer',
  attempts: 3,
  backoffMs: 1000,
  jobs: { 'fire-due-timers': z.strictObject({}) },
});
