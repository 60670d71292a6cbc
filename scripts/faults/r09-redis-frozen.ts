import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../bench/statistics.ts';
import { latencyNote } from './latency.ts';
import { startLoad } from './load.ts';
import type { Stage } from './stage.ts';
import type { Scenario } from './types.ts';

const NORMAL_AFTER_MS = 5000;

export const redisFrozen: Scenario = {
  name: 'R9',
  title: 'Redis answers nothing for a while',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const seconds = isLong ? 30 : 8;
    const load = startLoad(stage, { inFlight: 3 });
    const before = await readList(stage, 3000);
    const from = performance.now();
    stage.redis.signal('SIGSTOP');
    const during = await readList(stage, seconds * 1000).finally(() => {
      stage.redis.signal('SIGCONT');
    });
    const to = performance.now();
    load.journal.healedAtMs = to;
    await sleep(NORMAL_AFTER_MS);
    const after = await readList(stage, 2000);
    await load.stop();
    await load.resolve();
    const failed = [...during, ...after].filter((ms) => ms === Infinity).length;
    return {
      journal: load.journal,
      damage: `Redis frozen for ${seconds} s`,
      notes: [
        `GET /restaurants p99 ${p99(before)} ms before, ${p99(during)} ms meanwhile, ${p99(after)} ms after`,
        latencyNote('meanwhile', load.journal, [[from, to]]),
      ],
      violations: failed > 0 ? [`I14: ${failed} lists were not answered with 200`] : [],
    };
  },
};

function p99(latencies: readonly number[]): string {
  return quantile(latencies, 0.99).toFixed(0);
}

/** Infinity for what was no list. */
async function readList({ apis }: Stage, forMs: number): Promise<number[]> {
  const latencies: number[] = [];
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    const response = await fetch(`${apis[0].url}/api/v1/restaurants?lat=15.5&lng=73.8`).catch(() => null);
    await response?.arrayBuffer();
    const isList = response !== null && response.status < 500;
    latencies.push(isList ? performance.now() - startedAt : Infinity);
    await sleep(50);
  }
  return latencies;
}
