import { setTimeout as sleep } from 'node:timers/promises';
import { latencyNote } from './latency.ts';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';

/**
 * Redis is there for two of twelve seconds, and without it the APIs take orders only: what they take waits for two workers. The long form
 * goes slowly enough that this can be worked off within the minute on a machine of two cores.
 */
const LONG = { kills: 10, awayMs: 10_000, pauseMs: 1000 };
const SHORT = { kills: 2, awayMs: 2000, pauseMs: 200 };

export const redisKilled: Scenario = {
  name: 'R7',
  title: 'kill -9 of Redis, which comes back with its append-only file',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const { kills, awayMs, pauseMs } = isLong ? LONG : SHORT;
    const load = startLoad(stage, { inFlight: 4, pauseMs });
    const windows: [number, number][] = [];
    for (let count = 0; count < kills; count += 1) {
      await sleep(2000);
      const from = performance.now();
      await stage.redis.kill();
      await sleep(awayMs);
      await stage.redis.start();
      windows.push([from, performance.now()]);
    }
    load.journal.healedAtMs = performance.now();
    const open = await stage.db.collection('outbox').countDocuments({ doneAt: null });
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `${kills} × kill -9 of Redis, away for ${awayMs / 1000} s`,
      notes: [latencyNote('meanwhile', load.journal, windows), `${open} promises were open when it was back for good`],
      violations: [],
    };
  },
};
