import { setTimeout as sleep } from 'node:timers/promises';
import { latencyNote } from './latency.ts';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';

export const redisKilled: Scenario = {
  name: 'R7',
  title: 'kill -9 of Redis, which comes back with its append-only file',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const [kills, awayMs] = isLong ? [10, 10_000] : [2, 2000];
    const load = startLoad(stage, { inFlight: 4 });
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
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `${kills} × kill -9 of Redis, away for ${awayMs / 1000} s`,
      notes: [latencyNote('meanwhile', load.journal, windows)],
      violations: [],
    };
  },
};
