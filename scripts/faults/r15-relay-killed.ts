import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from './load.ts';
import type { Stage, Worker } from './stage.ts';
import type { Watcher } from './tcp-proxy.ts';
import type { Scenario } from './types.ts';
import { until } from './watch.ts';

/** The id of the job that an accepted order becomes. */
const PUBLISHED = '-payments-settle';

export const relayKilled: Scenario = {
  name: 'R15',
  title: 'the relay killed before and after it publishes, and its wake-ups lost',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const each = isLong ? 25 : 2;
    // A job that runs at each of several kills is taken for their cause in the end (R26): a worker lives for some seconds in between.
    const left: Kills = { before: each, after: each, betweenMs: isLong ? 4000 : 0, nextAtMs: 0 };
    for (const worker of stage.workers) worker.redis.watch(() => killAt(worker, left));
    // So many as two workers keep up with.
    const load = startLoad(stage, { inFlight: 3, pauseMs: isLong ? 1000 : 200 });
    const isDone = await until(() => left.before + left.after === 0, isLong ? 3_600_000 : 120_000);
    const lost = await loseWakeUps(stage, isLong ? 30_000 : 4000);
    load.journal.healedAtMs = performance.now();
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `${each} × kill -9 of the relay before it published, ${each} × after; subscriptions cut ${lost} times`,
      notes: [],
      violations: isDone ? [] : ['the kills did not come about'],
    };
  },
};

interface Kills {
  before: number;
  after: number;
  betweenMs: number;
  nextAtMs: number;
}

/** Before: Redis never gets the job. After: it has it, and the relay never hears that. */
function killAt(worker: Worker, left: Kills): Watcher {
  let isPublishing = false;
  const kill = (): 'cut' => {
    left.nextAtMs = performance.now() + left.betweenMs;
    worker.signal('SIGKILL');
    return 'cut';
  };
  return {
    onRequest(piece) {
      if (!piece.includes(PUBLISHED) || performance.now() < left.nextAtMs) return 'pass';
      if (left.before > 0) {
        left.before -= 1;
        return kill();
      }
      isPublishing = left.after > 0;
      return 'pass';
    },
    onAnswer() {
      if (!isPublishing || left.after === 0) return 'pass';
      left.after -= 1;
      return kill();
    },
  };
}

/** Nobody hears a message that is published while he is not there: only the sweep remains. */
async function loseWakeUps({ redis: { client } }: Stage, forMs: number): Promise<number> {
  let lost = 0;
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt) {
    lost += Number(await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await sleep(20);
  }
  return lost;
}
